import type { Blueprint, BlueprintFile } from './blueprint.ts';
import { holds } from './condition.ts';
import { ESCAPES, writeJson } from './escape.ts';
import { blueprintLoaders, licenseLoaders, packageVersion } from './generated/blueprints.ts';
import { licenseText } from './license.ts';
import { deriveNames } from './names.ts';
import type { Answers } from './question.ts';
import { renderFile } from './render.ts';
import { type TemplateValues, toValues } from './values.ts';

/** Names that npm or git would treat as their own if they stood in our repository under their real one. */
const STORED_NAMES: Readonly<Record<string, string>> = {
  _gitignore: '.gitignore',
  _npmrc: '.npmrc',
};
const KIND = 'agent';
const FILE_MODE = 0o644;

/** One file to write. `path` is relative, with forward slashes, and stays inside the project. */
export interface PlannedFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string | Uint8Array;
}

/** A whole project in memory, files in order of their paths. */
export interface Plan {
  readonly projectName: string;
  readonly files: readonly PlannedFile[];
}

/** The path a stored file gets in a project. Only checked names can stand in a path. */
function toProjectPath(stored: string, values: TemplateValues): string {
  const path = stored
    .replace(/\{(\w+)\}/g, (_, name: string) => ESCAPES.ident(String(values[name])))
    .split('/')
    .map((segment) => STORED_NAMES[segment] ?? segment)
    .join('/');
  assertInside(path);
  return path;
}

function assertInside(path: string): void {
  const segments = path.split('/');
  if (path.includes('\\') || segments.some((segment) => ['', '.', '..'].includes(segment)))
    throw new Error(`a blueprint's file would leave the project: ${path}`);
}

/** What `.mirastack/blueprint.json` keeps, so that later versions know what the project was made from. */
function describeOrigin(blueprint: Blueprint, version: string, answers: Answers): string {
  const origin = { blueprint: `${blueprint.language}/${blueprint.kind}`, version, answers };
  return writeJson(origin);
}

/** In order of their paths. Two files at one place are our own mistake. */
function inOrder(files: readonly PlannedFile[]): readonly PlannedFile[] {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const [index, { path }] of sorted.entries())
    if (sorted[index + 1]?.path === path) throw new Error(`the blueprint has ${path} twice`);
  return sorted;
}

/** Every file of the project these answers describe. Touches no disk; the same answers give the same bytes. */
export async function createPlan(answers: Answers): Promise<Plan> {
  const load = blueprintLoaders[`${answers.language}/${KIND}`];
  if (load === undefined) throw new Error(`no blueprint ${answers.language}/${KIND}`);
  const [blueprint, published] = await Promise.all([load(), licenseLoaders[answers.license]?.()]);
  const values = toValues(answers);
  const isWanted = ({ when = [] }: BlueprintFile) => when.every((condition) => holds(condition, values));
  const files: PlannedFile[] = [
    ...blueprint.files.filter(isWanted).map((file) => ({
      path: toProjectPath(file.path, values),
      mode: file.mode,
      content: renderFile(file, values),
    })),
    { path: 'LICENSE', mode: FILE_MODE, content: licenseText(answers, published) },
    {
      path: '.mirastack/blueprint.json',
      mode: FILE_MODE,
      content: describeOrigin(blueprint, packageVersion, answers),
    },
  ];
  return { projectName: deriveNames(answers.name).projectName, files: inOrder(files) };
}
