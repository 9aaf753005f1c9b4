import {
  EXECUTION_MODES,
  type ExecutionMode,
  PERMISSIONS,
  type Permission,
  STAGES,
  type Stage,
} from '../contract/index.ts';

/**
 * The one place where the words of `contract` meet the numbers of the wire. Every list there is in wire
 * order and 0 is UNSPECIFIED on the wire, so a number is an index plus one (protocol.md §2.2).
 */
function codecOf<Word extends string>(words: readonly Word[]) {
  return {
    toWire: (word: Word | undefined): number => (word === undefined ? 0 : words.indexOf(word) + 1),
    /** Undefined for UNSPECIFIED and for numbers that a newer peer may have invented. */
    fromWire: (number: number): Word | undefined => words[number - 1],
  };
}

export const permissionCodec = codecOf<Permission>(PERMISSIONS);
export const stageCodec = codecOf<Stage>(STAGES);
export const modeCodec = codecOf<ExecutionMode>(EXECUTION_MODES);

/** PLUGIN_TYPE_AGENT; the other types are not ours. */
export const PLUGIN_TYPE_AGENT = 1;
