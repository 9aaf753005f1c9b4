import { isJson } from './is-json.ts';

/** Go's `time.ParseDuration`, in which the SDKs' authors read a duration: `1h30m`, `500ms`. */
const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** Longer than any duration somebody means. */
const MAX_DURATION_CHARS = 64;
const INTEGER = /^[+-]?\d+$/;
const INT64_MAX = 2n ** 63n - 1n;

/**
 * What a value of the type must be, when the text is none; undefined when it is one. A type that is not among
 * `CONFIG_TYPES` takes anything: on the wire it is free text (protocol.md §2.3).
 */
export function expectedOfConfig(type: string, text: string): string | undefined {
  switch (type) {
    case 'string':
      return undefined;
    case 'int': {
      const fits = INTEGER.test(text) && BigInt(text) <= INT64_MAX && BigInt(text) >= -INT64_MAX - 1n;
      return fits ? undefined : 'a whole number';
    }
    case 'bool':
      return text === 'true' || text === 'false' ? undefined : 'true or false';
    case 'duration':
      return text.length <= MAX_DURATION_CHARS && DURATION.test(text)
        ? undefined
        : 'a duration such as 30s, 500ms or 1h30m';
    case 'json':
      return isJson(text) ? undefined : 'JSON';
    default:
      return undefined;
  }
}
