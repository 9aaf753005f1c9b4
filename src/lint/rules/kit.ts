import type { LanguageId } from '../../project/index.ts';
import { type ActionFacts, type AgentFacts, actionLabel } from '../agent/facts.ts';
import type { ProjectFiles } from '../project-files.ts';
import type { Place } from '../source/source-file.ts';
import type { Finding, Outcome, RuleInput } from '../types.ts';

/** What the files of rules share. */

export const ALL: readonly LanguageId[] = ['typescript', 'go', 'python'];

export const checked = (findings: readonly Finding[], proof?: string): Outcome => ({
  kind: 'checked',
  findings,
  ...(proof === undefined ? {} : { proof }),
});
export const notApplicable = (reason: string): Outcome => ({ kind: 'not-applicable', reason });
export const notChecked = (reason: string): Outcome => ({ kind: 'not-checked', reason });

export const placeText = (place: Place | undefined): string =>
  place === undefined ? '' : `${place.file}:${place.line}`;

export const fileStart = (file: string): Place => ({ file, line: 1, column: 1 });

const NO_AGENT = 'no PluginInfo and no Action was found in the source, and the agent was not asked';

/** Runs a check on the agent; without one there is nothing to check. */
export function withAgent(input: RuleInput, check: (agent: AgentFacts) => Outcome): Outcome {
  return input.agent === undefined ? notChecked(NO_AGENT) : check(input.agent);
}

/** Runs a check on every action. When some are only known at run time, a pass is no proof. */
export function forActions(
  input: RuleInput,
  check: (action: ActionFacts, label: string, index: number) => readonly Finding[],
): Outcome {
  return withAgent(input, (agent) => {
    const { items, isComplete } = agent.actions;
    const findings = items.flatMap((action, index) => check(action, actionLabel(action, index), index));
    if (findings.length > 0) return checked(oncePerPlace(findings));
    if (!isComplete) return notChecked('some actions are only known at run time');
    return checked([], items[0] === undefined ? undefined : placeText(items[0].place) || 'the running agent');
  });
}

/** Actions may share a param, a stage list or a text: what is wrong with it is one violation. */
function oncePerPlace(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ place }) => {
    if (place === undefined) return true;
    const key = `${place.file}:${place.line}:${place.column}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The prompt templates of a project, in order. */
export function templatePaths({ paths }: ProjectFiles): readonly string[] {
  return paths.filter((path) => /^(src\/)?templates\/[^/]+\.tmpl$/.test(path));
}

/** The line of a text that an offset is on, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The lines of a text with their numbers, from 1. */
export function* linesOf(text: string): Generator<readonly [line: string, number: number]> {
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    yield [line, number];
  }
}
