import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type LintReport,
  type LintSettings,
  type LiveFacts,
  projectFilesOf,
  RULES,
  type Rule,
  runLint,
} from '../../src/lint/index.ts';
import type { LanguageId, ProjectConfig } from '../../src/project/index.ts';

/** A project in memory. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export const LANGUAGE_IDS = ['typescript', 'go', 'python'] as const satisfies readonly LanguageId[];

const FIXTURES = fileURLToPath(new URL('../fixtures/lint/', import.meta.url));
const require = createRequire(import.meta.url);

/** The parser's files, where the packages have them. */
export const GRAMMARS = {
  runtime: require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
  directory: path.dirname(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm')),
};

/** Every file of a folder of fixtures, by path. */
export function readFixture(name: string): Record<string, string> {
  const folder = path.join(FIXTURES, name);
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, file).split(path.sep).join('/'), readFileSync(file, 'utf8')];
      }),
  );
}

/** The hand-written agents, in which there is nothing to find. */
export const GOOD_AGENTS: Readonly<Record<LanguageId, Files>> = {
  typescript: readFixture('typescript'),
  go: readFixture('go'),
  python: readFixture('python'),
};

/** The configuration of a project in memory. */
export function configOf(files: Files): ProjectConfig {
  const text = files['mirastack.config.json'];
  const given = (typeof text === 'string' ? JSON.parse(text) : {}) as Partial<ProjectConfig>;
  return {
    dev: { watch: [], env: {}, ...given.dev },
    backendVariables: given.backendVariables ?? [],
    ...(given.backendFamily === undefined ? {} : { backendFamily: given.backendFamily }),
    lint: { rules: {}, exceptions: [], ...given.lint },
  };
}

export interface LintOptions {
  readonly live?: LiveFacts;
  readonly settings?: Partial<LintSettings>;
  readonly rules?: readonly Rule[];
  readonly before?: Parameters<typeof runLint>[0]['before'];
}

/** Lints a project in memory. */
export function lintFiles(
  language: LanguageId,
  files: Files,
  options: LintOptions = {},
): Promise<LintReport> {
  const config = configOf(files);
  const { live, before, settings, rules = RULES } = options;
  return runLint(
    {
      language,
      config,
      files: projectFilesOf(files),
      grammars: GRAMMARS,
      ...(live === undefined ? {} : { live }),
      ...(before === undefined ? {} : { before }),
    },
    {
      rules: config.lint.rules,
      exceptions: config.lint.exceptions,
      only: [],
      ignored: [],
      baseline: new Set(),
      ...settings,
    },
    rules,
  );
}

/** Violations as short lines: where and which rule. */
export function shortLines({ violations }: LintReport): string[] {
  return violations.map(
    ({ place, rule, message }) =>
      `${place === undefined ? '' : `${place.file}:${place.line} `}${rule}: ${message}`,
  );
}
