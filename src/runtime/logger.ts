/** What a log line may carry beside its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes log lines; stdout belongs to the port line alone. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Quotes what would not read as one word, so that a line stays a line. */
function formatValue(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text);
}

/**
 * A logger that writes one line per event: time, level, message, then `key=value` pairs.
 * @param write takes one line with its line break
 */
export function createLogger(write: (line: string) => void): Logger {
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      const pairs = Object.entries(fields).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${formatValue(value)}`],
      );
      write(`${[new Date().toISOString(), level, message, ...pairs].join(' ')}\n`);
    };
  return { info: log('INFO'), warn: log('WARN'), error: log('ERROR') };
}
