import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { IntentPattern } from '../contract/index.ts';
import { messageOf } from '../support/errors.ts';
import { countCodePoints, mendSurrogates, normalisePhrase } from './fold.ts';
import { type Clause, requiredLiterals } from './literals.ts';
import type { Destination } from './routing.ts';
import type { IntentFaultKind, IntentRef } from './types.ts';

/** Longest intent, in characters (code points). */
const MAX_INTENT_CHARS = 512;
/** Largest program of one pattern, in instructions of the engine. */
const MAX_PROGRAM_SIZE = 1_000;

/** These make an intent a pattern. A lone dot does not: it stands in versions, addresses and at the end of a sentence. */
const PATTERN_MARK = /[\\^$|*+?()[\]{}]/;

interface Read {
  readonly destination: Destination;
  readonly pattern: string;
  readonly priority: number;
}

/** An intent that is looked for as text, ends and white space mended, without regard to case. */
export interface PhraseIntent extends Read {
  readonly kind: 'phrase';
  readonly key: string;
}

/** An intent that re2js matches, without regard to case. */
export interface PatternIntent extends Read {
  readonly kind: 'pattern';
  readonly engine: RE2JS;
  readonly programSize: number;
  readonly clauses: readonly Clause[];
}

export type Intent = PhraseIntent | PatternIntent;

/** An intent read: as it is indexed, unless a fault keeps it out, and what is wrong with it. */
export interface IntentReading {
  readonly intent?: Intent;
  readonly fault?: { readonly kind: IntentFaultKind; readonly message: string };
  /** What compiling cost, in instructions, also of a pattern that was refused for it. */
  readonly programSize: number;
}

/** Whether an intent is a phrase or a pattern. */
export function readsAsPattern(text: string): boolean {
  return PATTERN_MARK.test(text);
}

/** A pattern that the same agent registered before, compiled; undefined when there is none. */
export type Recall = (pattern: string) => PatternIntent | undefined;

function refuse(kind: IntentFaultKind, message: string, programSize = 0): IntentReading {
  return { fault: { kind, message }, programSize };
}

/** The engine's own words, on one line, with the piece of the pattern it stumbled over. */
function reasonOf(error: unknown): string {
  if (!(error instanceof RE2JSSyntaxException)) return messageOf(error);
  const piece = error.getPattern();
  return piece ? `${error.getDescription()} ${JSON.stringify(piece)}` : error.getDescription();
}

function readPattern(
  destination: Destination,
  text: string,
  priority: number,
  recall: Recall,
): IntentReading {
  const quoted = JSON.stringify(text);
  const source = mendSurrogates(text);
  const known = recall(text);
  let engine: RE2JS;
  try {
    engine = known?.engine ?? RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    return refuse(
      'does-not-compile',
      `the pattern ${quoted} does not compile: ${reasonOf(error)}; write it in RE2 syntax, or put a backslash before each sign that is meant as text`,
    );
  }
  const programSize = engine.programSize();
  if (programSize > MAX_PROGRAM_SIZE)
    return refuse(
      'too-large',
      `the pattern ${quoted} has ${programSize} steps, and at most ${MAX_PROGRAM_SIZE} are allowed; use smaller repeat counts`,
      programSize,
    );
  const clauses = known?.clauses ?? requiredLiterals(source);
  return {
    intent: { kind: 'pattern', destination, pattern: text, priority, engine, programSize, clauses },
    ...(engine.matcher('').find()
      ? {
          fault: {
            kind: 'matches-empty',
            message: `the pattern ${quoted} matches the empty text, and so perhaps every sentence; make a part of it required`,
          } as const,
        }
      : {}),
    programSize,
  };
}

/**
 * Reads one intent as its author wrote it: decides whether it is a phrase or a pattern, and compiles it.
 * @param recall gives what need not be compiled again
 */
export function readIntent(destination: Destination, written: IntentPattern, recall: Recall): IntentReading {
  const text = written.pattern;
  const priority = Number.isFinite(written.priority) ? (written.priority as number) : 0;
  const length = countCodePoints(text);
  if (length > MAX_INTENT_CHARS) {
    const start = JSON.stringify([...text].slice(0, 40).join(''));
    return refuse(
      'too-long',
      `the intent that starts with ${start} has ${length} characters, and at most ${MAX_INTENT_CHARS} are allowed; shorten it`,
    );
  }
  if (text.trim() === '') return refuse('empty', 'an intent is empty; write a phrase or leave it out');
  if (readsAsPattern(text)) return readPattern(destination, text, priority, recall);
  return {
    intent: { kind: 'phrase', destination, pattern: text, priority, key: normalisePhrase(text) },
    programSize: 0,
  };
}

/** The intent where it is only named. */
export function refOf({ destination, pattern, kind }: Intent): IntentRef {
  const { agent, tenantId, action } = destination;
  return { agent, tenantId, action, pattern, kind };
}
