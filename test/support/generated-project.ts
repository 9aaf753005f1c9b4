/** A project as `create-mirastack-agent` makes it, from the packed tarball, with its dependencies installed. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binsOf, sharePackage } from './package.ts';
import type { Outcome, StartOptions, Workplace } from './workplace.ts';

export interface GeneratedProject {
  /** Absolute, without links. */
  readonly folder: string;
  /** How `create` ended. */
  readonly created: Outcome;
  /** The toolkit's program in the project's own node_modules. */
  readonly toolkit: string;
  /** Runs the toolkit's program in the project's folder. */
  run(...args: string[]): Promise<Outcome>;
  /** Runs an npm script to its end. */
  npm(args: readonly string[], options?: StartOptions): Promise<Outcome>;
  read(file: string): string;
  /** Saves a file with a part of it replaced. Fails when it has no such part. */
  edit(file: string, part: string, replacement: string): void;
}

/** Makes the project `my-agent`; takes as long as `npm install` does. */
export async function generateProject(work: Workplace): Promise<GeneratedProject> {
  return createProject(work, 'my-agent', []);
}

/** Makes another kind of project in no time: it uses the dependencies of one that has them. */
export async function generateSibling(
  work: Workplace,
  { folder }: GeneratedProject,
  name: string,
  flags: readonly string[],
): Promise<GeneratedProject> {
  const sibling = await createProject(work, name, ['--name', 'my_agent', '--no-install', ...flags]);
  symlinkSync(join(folder, 'node_modules'), join(sibling.folder, 'node_modules'), 'junction');
  return sibling;
}

async function createProject(
  work: Workplace,
  name: string,
  flags: readonly string[],
): Promise<GeneratedProject> {
  const { installed, tarball } = await sharePackage();
  const args = [name, '--yes', '--toolkit', tarball, ...flags];
  const created = await work.run(binsOf(installed).create, args);
  if (created.code !== 0) throw new Error(`create ended with ${created.code}:\n${created.stderr}`);
  const folder = join(work.folder, name);
  const toolkit = join(folder, 'node_modules/.bin/mirastack-agent');
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return {
    folder,
    created,
    toolkit,
    read,
    run: (...args) => work.run(toolkit, args, { cwd: folder }),
    async npm(args, options) {
      const child = work.spawn('npm', args, { cwd: folder, ...options });
      const code = await child.exited;
      return { code, stdout: child.stdout.join('\n'), stderr: child.stderr.join('\n') };
    },
    edit(file, part, replacement) {
      const text = read(file);
      if (!text.includes(part)) throw new Error(`${file} has no ${JSON.stringify(part)}`);
      writeFileSync(
        join(folder, file),
        text.replace(part, () => replacement),
      );
    },
  };
}
