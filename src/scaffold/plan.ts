import type { Answers } from './answers.ts';
import type { Blueprint } from './blueprint.ts';
import { ESCAPES } from './escape.ts';
import { deriveNames } from './names.ts';
import { createRenderer, loadBlueprints } from './render.ts';

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

/** The version of this package, which is what a project takes its toolkit from unless told otherwise. */
export async function readPackageVersion(): Promise<string> {
  return (await loadBlueprints()).packageVersion;
}

function findBlueprint(blueprints: readonly Blueprint[], language: string): Blueprint {
  const found = blueprints.find((blueprint) => blueprint.language === language && blueprint.kind === KIND);
  if (!found) throw new Error(`no blueprint ${language}/${KIND}`);
  return found;
}

/** The path a stored file gets in a project. Only checked names can stand in a path. */
function toProjectPath(stored: string, values: Readonly<Record<string, string>>): string {
  const path = stored
    .replace(/\{(\w+)\}/g, (_, name: string) => ESCAPES.ident(values[name] ?? ''))
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
  return `${JSON.stringify(origin, null, 2)}\n`;
}

/** Every file of the project these answers describe. Touches no disk; the same answers give the same bytes. */
export async function createPlan(answers: Answers): Promise<Plan> {
  const { blueprints, licenseTexts, packageVersion } = await loadBlueprints();
  const blueprint = findBlueprint(blueprints, answers.language);
  const names = deriveNames(answers.name);
  const { description, license, toolkit } = answers;
  const values = { ...names, description, license, toolkit };
  const render = await createRenderer(values);
  const licenseText = licenseTexts[license];
  if (licenseText === undefined) throw new Error(`no text of licence ${license}`);
  const files: PlannedFile[] = [
    ...blueprint.files.map((file) => ({
      path: toProjectPath(file.path, values),
      mode: file.mode,
      content: render(file),
    })),
    { path: 'LICENSE', mode: FILE_MODE, content: licenseText },
    {
      path: '.mirastack/blueprint.json',
      mode: FILE_MODE,
      content: describeOrigin(blueprint, packageVersion, answers),
    },
  ];
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { projectName: names.projectName, files };
}
