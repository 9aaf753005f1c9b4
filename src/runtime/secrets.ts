import { inspect } from 'node:util';
import type { PluginInfo } from '../contract/index.ts';
import type { EngineConnection } from '../wire/index.ts';

const MASK = '***';
/** A shorter value stands in every other text by chance, and masking it would tell where it is. */
const MIN_SECRET_LENGTH = 4;
/** Replaced values are remembered too, since late errors quote them; this many, so that rotation cannot fill the memory. */
const MAX_SECRETS = 1_000;

/**
 * A value that does not print: as text, as JSON and in `util.inspect` it is `***`. The runtime's logger
 * masks it from then on wherever it turns up. Source: faults.md, threat 17.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    secrets.add(value);
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** Masks the values it knows in any text. */
export interface Redactor {
  /** Values shorter than 4 characters, without the white space around them, are not taken. */
  add(value: string): void;
  redact(text: string): string;
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A value as it stands in texts: plain, inside of JSON, inside of a URL. */
function spellingsOf(value: string): string[] {
  // Lone surrogates cannot stand in a URL, and encodeURIComponent throws for them.
  const inUrl = /\p{Cs}/u.test(value) ? [] : [encodeURIComponent(value)];
  return [value, JSON.stringify(value).slice(1, -1), ...inUrl];
}

/** A redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add: (raw) => {
      const value = raw.trim();
      if (value.length < MIN_SECRET_LENGTH) return;
      if (!known.delete(value)) pattern = undefined;
      known.add(value);
      if (known.size <= MAX_SECRETS) return;
      const [oldest] = known;
      known.delete(oldest as string);
      pattern = undefined;
    },
    redact: (text) => {
      if (known.size === 0) return text;
      // The longest first: of a value inside of another, the rest must not stay.
      pattern ??= new RegExp(
        [...new Set([...known].flatMap(spellingsOf))]
          .sort((a, b) => b.length - a.length)
          .map(escapePattern)
          .join('|'),
        'g',
      );
      return text.replace(pattern, MASK);
    },
  };
}

/** One for the process: whatever agent a secret belongs to, no logger may print it. */
const secrets = createRedactor();

/**
 * Masks every secret the runtime has seen: the values of config params declared `isSecret`, and what was
 * wrapped in `Secret`. Values shorter than 4 characters stay, they would mask half of every text.
 */
export function redactSecrets(text: string): string {
  return secrets.redact(text);
}

/** Remembers which config params are secret, and their values. */
export interface ConfigSecrets {
  /** Takes the declared keys and their defaults. */
  learnInfo(info: PluginInfo): void;
  /** Takes the values of the keys declared so far. */
  learnConfig(config: Readonly<Record<string, string>>): void;
}

export function createConfigSecrets(): ConfigSecrets {
  const keys = new Set<string>();
  return {
    learnInfo: ({ configParams = [] }) => {
      for (const param of configParams.filter(({ isSecret }) => isSecret)) {
        keys.add(param.key);
        secrets.add(param.default ?? '');
      }
    },
    learnConfig: (config) => {
      for (const [key, value] of Object.entries(config)) if (keys.has(key)) secrets.add(value);
    },
  };
}

/** The same connection, whose configurations are learnt before the agent sees them. */
export function learnFrom(connection: EngineConnection, config: ConfigSecrets): EngineConnection {
  return {
    call: async (method, request, options) => {
      const reply = await connection.call(method, request, options);
      if (method === 'GetConfig')
        config.learnConfig((reply as { config: Readonly<Record<string, string>> }).config);
      return reply;
    },
  };
}
