/** Projects of all three languages as the built `create-mirastack-agent` makes them, ready to be built and run. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import type { ProjectLanguage } from '../../src/scaffold/choices.ts';
import { type GeneratedProject, generateProject } from './generated-project.ts';
import { REAL_GO_SDK } from './go.ts';
import { binsOf, sharePackage } from './package.ts';
import { CACHE, findGo, findPython, ROOT } from './tools.ts';
import type { Outcome, Workplace } from './workplace.ts';

export interface MadeProject {
  readonly language: ProjectLanguage;
  /** Absolute, without links. */
  readonly folder: string;
  /** The toolkit's program. */
  readonly toolkit: string;
  /** Files that `create` wrote, as it printed them. */
  readonly files: readonly string[];
  /** Runs the toolkit's program in the project's folder. */
  run(...args: string[]): Promise<Outcome>;
  /** Runs any program in the project's folder; what it said stands in the error when it does not end with 0. */
  tool(command: string, ...args: string[]): Promise<Outcome>;
}

/** Where projects of one test file are made, so that they share what is installed. */
export interface ProjectMaker {
  /** Makes a project of agent `my_agent` and installs what it needs; each name may be used once. */
  make(language: ProjectLanguage, name: string, flags: readonly string[]): Promise<MadeProject>;
}

/** True where projects of that language can be built. */
export function canBuild(language: ProjectLanguage): boolean {
  switch (language) {
    case 'typescript':
      return true;
    case 'go':
      return findGo() !== undefined;
    case 'python':
      return findPython() !== undefined;
    default:
      return language satisfies never;
  }
}

/** One variant of every package for all projects, as their Makefile has it. */
const GO_ENV = { CGO_ENABLED: '0', GOFLAGS: '-mod=mod' };

/** What a project's pyproject.toml asks for, tools included. */
function pythonRequirements(folder: string): readonly string[] {
  const { project } = parse(readFileSync(join(folder, 'pyproject.toml'), 'utf8')) as unknown as {
    readonly project: {
      readonly dependencies: readonly string[];
      readonly 'optional-dependencies': { readonly dev: readonly string[] };
    };
  };
  return [...project.dependencies, ...project['optional-dependencies'].dev];
}

/** A virtual environment with these packages, made once; several tests may make it at the same time. */
function preparePython(requirements: readonly string[]): string {
  const key = createHash('sha256').update(requirements.join('\n')).digest('hex').slice(0, 12);
  const folder = join(CACHE, `python-agents-${key}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'python-agents-draft-'));
  execFileSync(findPython() as string, ['-m', 'venv', draft], { stdio: 'pipe' });
  const pip = ['-m', 'pip', 'install', '--quiet', ...requirements];
  execFileSync(join(draft, 'bin/python'), pip, { stdio: 'pipe' });
  try {
    // Complete or not there. What stands in its bin/ knows the old place, so tools are run as modules.
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** A maker whose projects lie in a workplace. */
export function createProjectMaker(work: Workplace): ProjectMaker {
  let withModules: Promise<GeneratedProject> | undefined;

  async function install({ folder, language, tool }: MadeProject): Promise<void> {
    switch (language) {
      case 'typescript': {
        withModules ??= generateProject(work);
        const modules = join((await withModules).folder, 'node_modules');
        symlinkSync(modules, join(folder, 'node_modules'), 'junction');
        return;
      }
      case 'go':
        await tool('go', 'mod', 'tidy');
        return;
      case 'python': {
        const environment = preparePython(pythonRequirements(folder));
        symlinkSync(environment, join(folder, '.venv'), 'junction');
        return;
      }
      default:
        return language satisfies never;
    }
  }

  return {
    async make(language, name, flags) {
      const { installed, tarball } = await sharePackage();
      const { create, toolkit } = binsOf(installed);
      const sdk = language === 'go' ? ['--go-sdk', REAL_GO_SDK ?? join(ROOT, 'test/go-sdk')] : [];
      const fixed = ['--name', 'my_agent', '--yes', '--no-git', '--no-install', '--json'];
      const all = [name, ...fixed, '--language', language, '--toolkit', tarball, ...sdk, ...flags];
      const created = await work.run(create, all);
      if (created.code !== 0) throw new Error(`create ended with ${created.code}:\n${created.stderr}`);
      const document = JSON.parse(created.stdout) as { readonly project: { readonly files: string[] } };
      const folder = join(work.folder, name);
      const env = { PYTHONDONTWRITEBYTECODE: '1', ...(language === 'go' ? GO_ENV : {}) };
      const project: MadeProject = {
        language,
        folder,
        toolkit,
        files: document.project.files,
        run: (...args) => work.run(toolkit, args, { cwd: folder }),
        async tool(command, ...args) {
          const child = work.spawn(command, args, { cwd: folder, env });
          child.process.stdin?.end();
          const code = await child.exited;
          const [stdout, stderr] = [child.stdout.join('\n'), child.stderr.join('\n')];
          if (code === 0) return { code, stdout, stderr };
          throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
        },
      };
      await install(project);
      return project;
    },
  };
}
