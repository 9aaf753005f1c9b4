import type { ExecuteResponse, JsonValue } from '../contract/index.ts';

/** What the respond functions return, so that a handler's own object is never taken for one. */
export class ActionResponse implements ExecuteResponse {
  readonly output: JsonValue | Uint8Array;

  constructor(output: JsonValue | Uint8Array) {
    this.output = output;
  }
}

/** The answer of an action that worked. `output` is any JSON value, usually an object. */
export function respond(output: JsonValue): ExecuteResponse {
  return new ActionResponse(output);
}

/** As `respond`, for an object: the Go SDK's RespondMap. */
export function respondMap(output: Readonly<Record<string, JsonValue>>): ExecuteResponse {
  return new ActionResponse(output);
}

/**
 * As `respond`, for anything JSON can write, such as an object with a Date or a `toJSON`: the Go SDK's RespondJSON.
 * @throws TypeError for what JSON cannot write: undefined, a function, a bigint, a circle
 */
export function respondJson(value: unknown): ExecuteResponse {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`respondJson: JSON cannot write ${typeof value}`);
  return new ActionResponse(Buffer.from(text, 'utf8'));
}

/** Bytes that are JSON already; they travel as they are: the Go SDK's RespondRaw. */
export function respondRaw(bytes: Uint8Array): ExecuteResponse {
  return new ActionResponse(bytes);
}

/**
 * An answer that tells of a failure the caller should reason about: `{ "error": message }` with
 * success=true, as the SDKs' RespondError sends it (protocol.md §3.2). Throw to fail the step instead.
 */
export function respondError(message: string): ExecuteResponse {
  return new ActionResponse({ error: message });
}
