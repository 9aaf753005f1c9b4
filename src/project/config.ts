import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import { type Check, listOf, mapOf, recordOf, text, textLike } from './shape.ts';

/** The name of a project's configuration file. */
export const CONFIG_FILE = 'mirastack.config.json';

/** How `dev` brings up the outside system the agent talks to. `{port}` stands for a port chosen afresh. */
export interface BackendConfig {
  readonly command: readonly [program: string, ...args: string[]];
  /** Variables for the agent, e.g. `{"BACKEND_URL": "http://127.0.0.1:{port}"}`. */
  readonly env: Readonly<Record<string, string>>;
}

/** How loud a lint rule is; `off` does not check it. */
export type LintSeverity = 'error' | 'warning' | 'off';

/** A finding that a person has accepted, and why. */
export interface LintException {
  readonly rule: string;
  readonly place: string;
  readonly reason: string;
}

/** What mirastack.config.json says, with what it leaves out filled in. */
export interface ProjectConfig {
  readonly dev: {
    readonly backend?: BackendConfig;
    /** Paths and globs, relative to the project, to watch instead of the whole folder. Empty: the whole folder. */
    readonly watch: readonly string[];
    /** Variables for the agent under `dev`. */
    readonly env: Readonly<Record<string, string>>;
  };
  /** The environment variables that name the backend's address. */
  readonly backendVariables: readonly string[];
  readonly backendFamily?: string;
  readonly lint: {
    readonly rules: Readonly<Record<string, LintSeverity>>;
    readonly exceptions: readonly LintException[];
  };
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const variable = textLike(VARIABLE, 'the name of an environment variable');
const variables = mapOf(variable, text);
const ruleId = textLike(KEBAB_CASE, 'the id of a lint rule');

const command: Check<BackendConfig['command']> = (value, place, fail) => {
  const [program, ...args] = listOf(text)(value, place, fail);
  if (program === undefined || program === '') return fail(place, 'a program and its arguments');
  return [program, ...args];
};

const severity: Check<LintSeverity> = (value, place, fail) =>
  value === 'error' || value === 'warning' || value === 'off'
    ? value
    : fail(place, '"error", "warning" or "off"');

const backend = recordOf({ required: { command }, optional: { env: variables } });
const exception = recordOf({ required: { rule: ruleId, place: text, reason: text }, optional: {} });

const config = recordOf({
  required: {},
  optional: {
    // Editors find the schema by it.
    $schema: text,
    dev: recordOf({ required: {}, optional: { backend, watch: listOf(text), env: variables } }),
    backendVariables: listOf(variable),
    backendFamily: text,
    lint: recordOf({
      required: {},
      optional: { rules: mapOf(ruleId, severity), exceptions: listOf(exception) },
    }),
  },
});

function badConfig(message: string, cause?: unknown): UserError {
  return new UserError({ kind: 'usage', code: 'bad-config', message, cause });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw badConfig(`${file} cannot be read: ${messageOf(error)}`, error);
  }
}

/**
 * Reads a project's mirastack.config.json; without the file, every default.
 * @throws UserError `bad-config` (usage) that names the file, the key and what was expected
 */
export function readProjectConfig(directory: string): ProjectConfig {
  const file = join(directory, CONFIG_FILE);
  const source = readText(file);
  let parsed: unknown = {};
  try {
    // Some Windows editors write a byte order mark, which JSON forbids.
    if (source !== undefined) parsed = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw badConfig(`${file} is not JSON: ${messageOf(error)}`, error);
  }
  const {
    dev = {},
    lint = {},
    backendVariables = [],
    backendFamily,
  } = config(parsed, '', (key, expected) => {
    throw badConfig(`${file}: ${key === '' ? 'the file' : `"${key}"`} must be ${expected}`);
  });
  return {
    dev: {
      ...(dev.backend === undefined
        ? {}
        : { backend: { command: dev.backend.command, env: dev.backend.env ?? {} } }),
      watch: dev.watch ?? [],
      env: dev.env ?? {},
    },
    backendVariables,
    ...(backendFamily === undefined ? {} : { backendFamily }),
    lint: { rules: lint.rules ?? {}, exceptions: lint.exceptions ?? [] },
  };
}
