import type {
  AgentPermission,
  Backend,
  Family,
  LicenseId,
  PackageManager,
  ProjectLanguage,
} from './choices.ts';
import type { OwnAction } from './own-action.ts';

/** Everything that decides what a project holds. The same answers give the same bytes. */
export interface Answers {
  readonly language: ProjectLanguage;
  readonly name: string;
  readonly description: string;
  readonly permission: AgentPermission;
  readonly backend: Backend;
  readonly backendFamily: Family;
  /** DevOps stages, in the order of the life cycle. */
  readonly stages: readonly string[];
  /** Actions beside those of the blueprint. */
  readonly actions: readonly OwnAction[];
  readonly license: LicenseId;
  /** Who holds the copyright. */
  readonly org: string;
  /** Of the copyright. */
  readonly year: string;
  /** The path of the Go module; empty in other languages. */
  readonly module: string;
  /** A checkout of the Go SDK that replaces the published one; empty for none. */
  readonly goSdk: string;
  /** Where the project takes our package from: a version, a range, or a `file:` address. */
  readonly toolkit: string;
  readonly packageManager: PackageManager;
}

export type AnswerKey = keyof Answers;

/** Answers as flags, prompts or a file give them: not yet checked. */
export type GivenAnswers = Readonly<Partial<Record<AnswerKey, unknown>>>;

/** What is known before an answer is given, to find its default. */
export interface AnswerContext {
  readonly directory: string;
  readonly packageVersion: string;
  /** The year it is. */
  readonly year: number;
  /** Package managers that are likely the person's, likeliest first. */
  readonly packageManagers: readonly PackageManager[];
  readonly given: GivenAnswers;
}

/** One question as data: a flag answers it, a prompt asks it, and one reading judges all answers. */
export interface Question {
  readonly key: AnswerKey;
  /** The flag that answers it; undefined where only a file of answers can. */
  readonly flag: string | undefined;
  readonly message: string;
  /** What a person picks from; without choices the answer is typed. */
  readonly choices?: readonly { readonly value: string; readonly name: string }[];
  /** True when a person at a terminal is asked, given the answers so far. */
  readonly isAsked: (known: GivenAnswers) => boolean;
  /** The answer of who gives none; undefined when nothing suggests one. */
  readonly defaultFor: (context: AnswerContext, known: GivenAnswers) => unknown;
  /** The answer in its own form. @throws AnswerFault */
  readonly read: (value: unknown, known: GivenAnswers) => Answers[AnswerKey];
}
