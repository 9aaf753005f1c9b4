import type { Place } from '../source/source-file.ts';
import type { Outcome, RuleInput } from '../types.ts';
import { fileStart, notChecked } from './kit.ts';

/** A project's README, and where a complaint about it belongs. */
export interface Readme {
  readonly path: string;
  readonly text: string;
  readonly place: Place;
}

/** Runs a check on the README; that there is one is for the rule about its purpose to say. */
export function withReadme(input: RuleInput, check: (readme: Readme) => Outcome): Outcome {
  const path = input.files.paths.find((name) => /^readme(\.(md|markdown|rst|txt|adoc))?$/i.test(name));
  if (path === undefined) return notChecked('there is no README');
  return check({ path, text: input.files.get(path)?.text ?? '', place: fileStart(path) });
}

/** Whether a text has a name as a word of its own, with or without Markdown's backslashes. */
export function mentions(text: string, name: string): boolean {
  const plain = text.replaceAll('\\', '');
  for (let at = plain.indexOf(name); at !== -1; at = plain.indexOf(name, at + 1)) {
    const before = plain[at - 1] ?? ' ';
    const after = plain[at + name.length] ?? ' ';
    if (!/\w/.test(before) && !/\w/.test(after)) return true;
  }
  return false;
}
