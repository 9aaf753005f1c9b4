// The licences of everything that is bundled into the programs, as their terms ask.
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

const MARKER = `${sep}node_modules${sep}`;

/** The folder of the package that a bundled module belongs to, or undefined for our own. */
function packageFolder(moduleId) {
  const at = moduleId.lastIndexOf(MARKER);
  if (at === -1) return undefined;
  const [first, second] = moduleId.slice(at + MARKER.length).split(sep);
  return join(moduleId.slice(0, at + MARKER.length), first, first.startsWith('@') ? second : '');
}

async function notice(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name;
  const heading = `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})${author ? `, ${author}` : ''}`;
  return { name: manifest.name, text: [heading, ...texts.map((text) => text.trim())].join('\n\n') };
}

/** @returns one text with every package's name, version, licence and licence files */
export async function writeNotices(moduleIds) {
  const folders = new Set(
    moduleIds.map((id) => packageFolder(id.replace(/^\0+|\?.*$/g, ''))).filter(Boolean),
  );
  const notices = await Promise.all([...folders].map(notice));
  notices.sort((a, b) => (a.name < b.name ? -1 : 1));
  const intro = 'The programs of this package contain the following packages.';
  return `${[intro, ...notices.map(({ text }) => text)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
