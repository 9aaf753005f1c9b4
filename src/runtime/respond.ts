import type { ExecuteResponse, JsonValue } from '../contract/index.ts';

/** The answer of an action that worked. `output` is any JSON value, usually an object. */
export function respond(output: JsonValue): ExecuteResponse {
  return { output };
}

/**
 * An answer that tells of a failure the caller should reason about: `{ "error": message }` with
 * success=true, as the SDKs' RespondError sends it (protocol.md §3.2). Throw to fail the step instead.
 */
export function respondError(message: string): ExecuteResponse {
  return { output: { error: message } };
}
