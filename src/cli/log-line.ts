type Fields = Readonly<Record<string, unknown>>;

/** What our runtime and zap, the Go SDK's logger, call the same things. */
const MESSAGE_KEYS = ['message', 'msg'];
const HIDDEN_KEYS = new Set([...MESSAGE_KEYS, 'level', 'time', 'ts', 'caller', 'stacktrace']);

function parseFields(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

/**
 * A structured log line as people read it: level, message, then `key=value` pairs. An agent under `dev` has no
 * terminal and so writes JSON; anything that is no such line comes back as it is.
 */
export function readableLogLine(line: string): string {
  const fields = parseFields(line);
  const message = MESSAGE_KEYS.map((key) => fields?.[key]).find((value) => typeof value === 'string');
  if (fields === undefined || message === undefined || typeof fields.level !== 'string') return line;
  const pairs = Object.entries(fields)
    .filter(([key]) => !HIDDEN_KEYS.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [fields.level.toUpperCase(), message, ...pairs].join(' ');
}
