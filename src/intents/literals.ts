import { RE2JS } from 're2js';
import { foldCase } from './fold.ts';

/** At least one of these must occur in the folded text, else the pattern cannot match. */
export type Clause = readonly string[];

const MIN_LITERAL_UNITS = 2;

/** What re2js derives from a pattern's syntax tree. It is not documented, so every use checks its shape. */
interface Requirement {
  readonly type: number;
  readonly str: string;
  readonly subs: readonly Requirement[];
}

const EXACT = 1;
const ALL_OF = 2;
const ANY_OF = 3;

function isRequirement(value: unknown): value is Requirement {
  if (typeof value !== 'object' || value === null) return false;
  const { type, str, subs } = value as Partial<Record<string, unknown>>;
  return (
    typeof type === 'number' && typeof str === 'string' && Array.isArray(subs) && subs.every(isRequirement)
  );
}

/**
 * A letter without a partner in another case may get one from a newer Unicode, which re2js then knows and
 * this Node does not; a letter whose other case is longer folds differently in both.
 */
function foldsSafely(char: string): boolean {
  const cases = [char.toLowerCase(), char.toUpperCase()].filter((other) => other !== char);
  if (cases.length > 0) return cases.every((other) => other.length === char.length);
  return !/[\p{Lu}\p{Ll}\p{Lt}\p{Mn}\p{Cn}]/u.test(char);
}

/** The longest part of a literal that folds the same way here and in re2js. */
function safePart(literal: string): string {
  let best = '';
  let part = '';
  for (const char of literal) {
    part = foldsSafely(char) ? part + char : '';
    if (part.length > best.length) best = part;
  }
  return foldCase(best);
}

const shortest = (clause: Clause): number => Math.min(...clause.map((literal) => literal.length));

function clausesOf(requirement: Requirement): Clause[] {
  switch (requirement.type) {
    case EXACT: {
      const literal = safePart(requirement.str);
      return literal.length < MIN_LITERAL_UNITS ? [] : [[literal]];
    }
    case ALL_OF:
      return requirement.subs.flatMap(clausesOf);
    case ANY_OF: {
      const best = requirement.subs.map((sub) => clausesOf(sub).sort((a, b) => shortest(b) - shortest(a))[0]);
      const known = best.filter((clause) => clause !== undefined);
      return known.length < best.length ? [] : [[...new Set(known.flat())]];
    }
    default:
      return [];
  }
}

/**
 * What a text must contain for a pattern to match it: every clause, of each any literal. Empty when
 * nothing is known. Literals are derived as if case mattered, because re2js derives none otherwise; a text
 * that matches without regard to case contains them without regard to case.
 */
export function requiredLiterals(pattern: string): readonly Clause[] {
  const prefilter: unknown = RE2JS.compile(pattern.replace(/^\(\?i\)/, '')).re2().prefilter;
  return isRequirement(prefilter) ? clausesOf(prefilter) : [];
}
