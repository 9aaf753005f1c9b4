/**
 * The closed vocabularies of the platform. Strings here, numbers only in `wire/` (protocol.md §2.2):
 * the wire counts from 1 and the SDKs from 0, so a number outside `wire/` would say nothing.
 */

/** What an action may do to the backend, weakest claim first. WRITE is newer than the other three (SDK 1.13). */
export const PERMISSIONS = ['READ', 'MODIFY', 'ADMIN', 'WRITE'] as const;
/** What an action may do to the backend. Everything but READ waits for a human's approval. */
export type Permission = (typeof PERMISSIONS)[number];

/** The eight DevOps stages, in the order of the life cycle. */
export const STAGES = ['plan', 'code', 'build', 'test', 'release', 'deploy', 'operate', 'observe'] as const;
/** A DevOps stage that an agent or an action serves. */
export type Stage = (typeof STAGES)[number];

/** How much the engine asks before it acts. */
export const EXECUTION_MODES = ['MANUAL', 'GUIDED', 'AUTONOMOUS'] as const;
/** MANUAL asks before every step; GUIDED and AUTONOMOUS ask before everything but READ. */
export type ExecutionMode = (typeof EXECUTION_MODES)[number];

/** The four types a param may declare. A value always travels as a string; the type says how to read it. */
export const PARAM_TYPES = ['string', 'number', 'boolean', 'json'] as const;
/** The declared type of a param. */
export type ParamType = (typeof PARAM_TYPES)[number];

/** The types a configuration parameter may declare. */
export const CONFIG_TYPES = ['string', 'int', 'bool', 'duration', 'json'] as const;
/** The declared type of a configuration parameter; its value always travels as a string. */
export type ConfigType = (typeof CONFIG_TYPES)[number];

/** Any value JSON can carry. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
