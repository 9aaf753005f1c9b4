// Turns blueprints/ into one module, src/scaffold/generated/blueprints.ts: manifests, files, templates
// precompiled to code, and licence texts. The command line so needs neither these folders nor a
// template compiler when it runs. The same input gives the same bytes.
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Handlebars from 'handlebars';
import { HELPER_NAMES, lintFiles, lintTemplate, pathVariables } from './blueprint-rules.mjs';

const OUTPUT = 'src/scaffold/generated/blueprints.ts';
/** Licences a project can have, by SPDX id. */
const LICENSES = ['AGPL-3.0-only'];

/** Where to find the licence texts: the package resolves from here, whatever the root is. */
const readLicense = async (id) => {
  const url = import.meta.resolve(`spdx-license-list/licenses/${id}.json`);
  const { licenseText } = JSON.parse(await readFile(fileURLToPath(url), 'utf8'));
  return `${licenseText.trimEnd()}\n`;
};

async function listFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      bytes: await readFile(path),
      mode: (await stat(path)).mode & 0o111 ? 0o755 : 0o644,
    })),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files of a blueprint by path; a later part replaces what an earlier one holds. */
async function collectFiles(root, folder, parts) {
  const byPath = new Map();
  const folders = [...parts.map((part) => join(root, 'blueprints/shared', part)), join(folder, 'files')];
  for (const source of folders) {
    for (const file of await listFiles(source)) {
      const target = file.path.replace(/\.hbs$/, '');
      byPath.set(target, file);
    }
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function precompile(source) {
  return Handlebars.create().precompile(source, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(HELPER_NAMES.map((name) => [name, true])),
  });
}

/** The code of one file's entry, e.g. `{ type: 'text', path: 'a.ts', mode: 0o644, text: '…' }`. */
function encodeFile({ path, bytes, mode }) {
  const head = (type, target) =>
    `{ type: '${type}', path: ${JSON.stringify(target)}, mode: 0o${mode.toString(8)}`;
  if (path.endsWith('.hbs')) {
    return `${head('template', path.slice(0, -'.hbs'.length))}, spec: ${precompile(bytes.toString('utf8'))} }`;
  }
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes))
    return `${head('text', path)}, text: ${JSON.stringify(text)} }`;
  return `${head('binary', path)}, base64: '${bytes.toString('base64')}' }`;
}

/** Faults of a blueprint as a whole: its templates, and the variables its manifest promises. */
function lintBlueprint(manifest, files) {
  const faults = lintFiles(files);
  const used = new Set(files.flatMap((file) => pathVariables(file.path)));
  for (const file of files.filter(({ path }) => path.endsWith('.hbs'))) {
    const result = lintTemplate(file.path, file.bytes.toString('utf8'));
    faults.push(...result.faults);
    for (const variable of result.variables) used.add(variable);
  }
  const declared = new Set(manifest.variables);
  for (const name of used)
    if (!declared.has(name)) faults.push(`blueprint.json: variable ${name} is used but not listed`);
  for (const name of declared)
    if (!used.has(name)) faults.push(`blueprint.json: variable ${name} is listed but not used`);
  return faults;
}

async function buildBlueprint(root, folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'blueprint.json'), 'utf8'));
  const files = await collectFiles(root, folder, manifest.parts);
  const faults = lintBlueprint(manifest, files);
  const name = relative(join(root, 'blueprints'), folder).split(sep).join('/');
  if (name !== `${manifest.language}/${manifest.kind}`)
    faults.push('blueprint.json: language and kind must be the folders it is in');
  if (files.length === 0) faults.push('files/ is empty');
  if (faults.length > 0)
    throw new Error(`blueprint ${name} breaks the rules:\n${faults.map((line) => `  - ${line}`).join('\n')}`);
  const { parts: _, ...described } = manifest;
  return `{ ...${JSON.stringify(described)}, files: [\n${files.map(encodeFile).join(',\n')},\n] }`;
}

async function listFolders(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Reads `<root>/blueprints` and writes the generated module. Throws when a blueprint breaks a rule. */
export async function buildBlueprints(root) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const blueprints = [];
  for (const language of await listFolders(join(root, 'blueprints'))) {
    if (language === 'shared') continue;
    for (const kind of await listFolders(join(root, 'blueprints', language))) {
      blueprints.push(await buildBlueprint(root, join(root, 'blueprints', language, kind)));
    }
  }
  if (blueprints.length === 0) throw new Error('blueprints/ holds no blueprint');
  const licenses = await Promise.all(
    LICENSES.map(async (id) => `${JSON.stringify(id)}: ${JSON.stringify(await readLicense(id))}`),
  );
  const code = [
    '// Generated by scripts/build-blueprints.mjs. Do not edit.',
    '// @ts-nocheck: precompiled templates are untyped JavaScript.',
    "import type { Blueprint } from '../blueprint.ts';",
    `export const packageVersion: string = ${JSON.stringify(version)};`,
    `export const licenseTexts: Readonly<Record<string, string>> = {\n${licenses.join(',\n')},\n};`,
    `export const blueprints: readonly Blueprint[] = [\n${blueprints.join(',\n')},\n];`,
    '',
  ].join('\n');
  const output = join(root, OUTPUT);
  // An unchanged file keeps its time, so that nothing that watches it wakes up.
  if ((await readFile(output, 'utf8').catch(() => undefined)) === code) return;
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, code);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildBlueprints(join(dirname(fileURLToPath(import.meta.url)), '..'));
}
