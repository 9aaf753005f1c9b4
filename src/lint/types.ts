import type { LanguageId, LintException, LintSeverity, ProjectConfig } from '../project/index.ts';
import type { AgentFacts } from './agent/facts.ts';
import type { AgentGraph } from './agent/graph.ts';
import type { LiveFacts } from './agent/live.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Resolver } from './source/resolve.ts';
import type { Place } from './source/source-file.ts';
import type { Workspace } from './source/workspace.ts';

export type Severity = 'error' | 'warning';

/** A safe mend: on the line of the place, the next occurrence of a text becomes another. */
export interface Edit {
  readonly place: Place;
  readonly from: string;
  readonly to: string;
}

/** What a rule found: one sentence, and where. */
export interface Finding {
  readonly fix?: Edit | undefined;
  readonly message: string;
  readonly place?: Place | undefined;
  /** How to mend this one, where that is more than the rule says of all. */
  readonly help?: string;
}

/** What became of one rule. */
export type Outcome =
  | {
      readonly kind: 'checked';
      readonly findings: readonly Finding[];
      /** Where the proof is that it holds: a place, or what the agent did. */
      readonly proof?: string;
    }
  | { readonly kind: 'not-applicable'; readonly reason: string }
  | { readonly kind: 'not-checked'; readonly reason: string };

/** One group of the rules page. */
export type RuleGroup =
  | 'gates'
  | 'schema'
  | 'checklist'
  | 'templates'
  | 'conduct'
  | 'sdk'
  | 'layout'
  | 'release';

export interface Example {
  readonly bad: string;
  readonly good: string;
}

/** A point of the guide's checklist, 1 to 14. */
export type ChecklistPoint = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14;

/** One check. Adding a rule is adding one file that exports such an object, and naming it in `rules/index.ts`. */
export interface Rule {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What it demands, in one line. */
  readonly title: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** Why the platform or a user wants it. */
  readonly why: string;
  /** How to mend a violation. */
  readonly mend: string;
  /** Where it can find something. */
  readonly languages: readonly LanguageId[];
  /** A piece that violates it and one that does not, for languages or, under `any`, for all. */
  readonly examples: Readonly<Partial<Record<LanguageId | 'any', Example>>>;
  readonly checklist?: ChecklistPoint;
  /** Needs the running agent: without it the rule is not checked. */
  readonly isLive?: true;
  /** Complains of what is nowhere in the source: a file that cannot be parsed may have it. */
  readonly needsWholeSource?: true;
  readonly check: (input: RuleInput) => Outcome;
}

/** What rules look at. All of it is data: no rule reads a disk, runs anything or asks the network. */
export interface RuleInput {
  readonly language: LanguageId;
  readonly config: ProjectConfig;
  readonly files: ProjectFiles;
  readonly workspace: Workspace;
  readonly resolver: Resolver;
  readonly graph: AgentGraph;
  /** What the source declares; undefined when no declaration was found. */
  readonly declared: AgentFacts | undefined;
  /** What is known in all: the running agent's word before the source's. */
  readonly agent: AgentFacts | undefined;
  readonly live: LiveFacts | undefined;
  /** Why there are no live facts. */
  readonly notLive: string;
  /** What the agent was at another revision; undefined when nobody asked for a comparison. */
  readonly before: Comparison | undefined;
}

/** The agent as it was before. */
export interface Comparison {
  /** The revision, as it was given. */
  readonly ref: string;
  readonly info?: LiveFacts['info'];
  /** Why it is not known. */
  readonly reason?: string;
  /** Whether someone has agreed to wider permissions. */
  readonly allowsWider: boolean;
}

/** A finding with its rule, as reports show it. */
export interface Violation extends Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly help: string;
}

/** A violation that a person has accepted. */
export interface Accepted extends Violation {
  readonly reason: string;
}

export interface RuleStatus {
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'not-checked' | 'not-applicable';
  /** Empty when it passed without a word. */
  readonly reason: string;
}

/** One line of information that is no violation. */
export interface Note {
  readonly message: string;
  readonly place?: Place;
}

export interface LintReport {
  readonly violations: readonly Violation[];
  readonly accepted: readonly Accepted[];
  readonly rules: readonly RuleStatus[];
  readonly notes: readonly Note[];
  readonly summary: { readonly errors: number; readonly warnings: number; readonly notChecked: number };
}

/** What decides which rules run and how loud they are. */
export interface LintSettings {
  readonly rules: Readonly<Record<string, LintSeverity>>;
  readonly exceptions: readonly LintException[];
  /** Only these; empty for all. */
  readonly only: readonly string[];
  readonly ignored: readonly string[];
  /** Fingerprints of violations that were there before. */
  readonly baseline: ReadonlySet<string>;
}
