import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CreateOptions, type CreateServices, runCreate } from '../../../src/cli/commands/create.ts';
import { CancelledError } from '../../../src/support/cancelled.ts';
import { type Channel, PLAIN_THEME, type Terminal } from '../../../src/terminal/index.ts';
import { makeWorkspace, snapshot } from '../../scaffold/workspace.ts';

interface Recording extends Terminal {
  readonly said: { answers: string; talk: string };
  readonly asked: string[];
}

/** A terminal that remembers what was said and, when it has replies, answers questions. */
function recordTerminal(replies?: Record<string, string>): Recording {
  const said = { answers: '', talk: '' };
  const asked: string[] = [];
  const channel = (key: keyof typeof said): Channel => ({
    isTTY: false,
    theme: PLAIN_THEME,
    write: (text) => {
      said[key] += text;
    },
    line: (text = '') => {
      said[key] += `${text}\n`;
    },
  });
  const ask: Terminal['ask'] = async (questions) => {
    const answers: Record<string, string> = {};
    for (const { key, defaultFor } of questions) {
      asked.push(key);
      answers[key] = replies?.[key] ?? defaultFor?.(answers) ?? '';
    }
    return answers;
  };
  return {
    answers: channel('answers'),
    talk: channel('talk'),
    isInteractive: replies !== undefined,
    readInput: async () => {
      throw new Error('create reads no input');
    },
    ask,
    said,
    asked,
  };
}

const OPTIONS: CreateOptions = { install: false, git: false, yes: true, json: false, dryRun: false };

async function create(
  options: Partial<CreateOptions>,
  terminal: Terminal,
  services: Partial<CreateServices> = {},
): Promise<string> {
  const workingDirectory = await makeWorkspace();
  const run = runCreate({ ...OPTIONS, ...options }, terminal, {
    workingDirectory,
    year: 2026,
    packageManagers: [],
    install: async () => {},
    initRepository: async () => ({ type: 'made' }),
    ...services,
  });
  return run.then(
    () => workingDirectory,
    (error: unknown) => {
      throw Object.assign(error as Error, { workingDirectory });
    },
  );
}

describe('create', () => {
  it('takes the defaults and prints one document', async () => {
    const terminal = recordTerminal();
    const done: unknown[] = [];
    const workspace = await create(
      { directory: 'my-agent', install: true, git: true, json: true },
      terminal,
      {
        initRepository: async (directory) => {
          done.push(directory);
          return { type: 'made' };
        },
        install: async (directory, steps) => {
          done.push(directory, steps);
        },
      },
    );
    const directory = path.join(workspace, 'my-agent');
    expect(done).toEqual([directory, directory, [['npm', 'install', '--no-fund', '--no-audit']]]);
    const document: unknown = JSON.parse(terminal.said.answers);
    const files = Object.keys(await snapshot(directory)).sort();
    expect(document).toEqual({
      project: { directory, name: 'mirastack-plugin-my-agent', files },
      installed: true,
      durationMs: expect.any(Number),
      git: 'made',
      warnings: [],
      next: [`cd my-agent`, 'npm run dev'],
    });
    expect(terminal.said.talk).toBe('');
  });

  it.each([
    [{}, [], "cd 'my agent' && npm install", 'npm run dev'],
    [{ packageManager: 'bun' }, [], "cd 'my agent' && bun install", 'bun run dev'],
    [{}, ['yarn'], "cd 'my agent' && yarn install", 'yarn run dev'],
    [{ language: 'go' }, ['yarn'], "cd 'my agent' && go mod tidy", 'make dev'],
    [{ language: 'python' }, ['pnpm'], "cd 'my agent' && make install", 'make dev'],
    [{ language: 'python' }, ['pnpm', 'uv'], "cd 'my agent' && uv sync --extra dev", 'make dev'],
    [{ install: true, packageManager: 'pnpm' }, [], "cd 'my agent'", 'pnpm run dev'],
    [{ install: true, language: 'go' }, [], "cd 'my agent'", 'make dev'],
  ] as const)('ends with the next two commands: %j, %j', async (options, packageManagers, first, second) => {
    const terminal = recordTerminal();
    await create({ directory: 'my agent', name: 'my_agent', ...options }, terminal, { packageManagers });
    expect(terminal.said.talk).toContain(`Next:\n  ${first}\n  ${second}\n`);
    expect(terminal.said.answers).toBe('');
  });

  it('asks on a terminal what no flag has answered', async () => {
    const terminal = recordTerminal({ directory: 'here', description: 'Reads things', permission: 'MODIFY' });
    const workspace = await create({ yes: false, name: 'things', license: 'mit' }, terminal);
    expect(terminal.asked).toEqual([
      'directory',
      'language',
      'permission',
      'backend',
      'backendFamily',
      'description',
    ]);
    const project = await snapshot(path.join(workspace, 'here'));
    expect(project['plugin.ts']).toContain("description: 'Reads things'");
    expect(project['plugin.ts']).toContain("permission: 'MODIFY'");
    expect(project['plugin.ts']).toContain('class ThingsPlugin');
  });

  it('does not ask what an answer has settled', async () => {
    const terminal = recordTerminal({ backend: 'none' });
    await create({ yes: false, directory: 'x', name: 'things' }, terminal);
    expect(terminal.asked).not.toContain('backendFamily');
  });

  it('takes answers from a file, and flags before them', async () => {
    const file = path.join(await makeWorkspace(), 'answers.yaml');
    await writeFile(
      file,
      'name: from_file\ndescription: Of the file\nactions: [{id: top, description: Tops}]\n',
    );
    const workspace = await create({ directory: 'x', answers: file, name: 'from_flag' }, recordTerminal());
    const plugin = (await snapshot(path.join(workspace, 'x')))['plugin.ts'];
    expect(plugin).toContain('class FromFlagPlugin');
    expect(plugin).toContain("description: 'Of the file'");
    expect(plugin).toContain("id: 'top'");
  });

  it('names the flags when there is nobody to ask, and makes nothing', async () => {
    const run = create({ directory: 'x', yes: false, name: 'things', backend: 'none' }, recordTerminal());
    const error = await run.catch((reason: unknown) => reason);
    const flags = '--language, --permission, --description and --license';
    expect(error).toMatchObject({ kind: 'usage', message: `There is no terminal to ask for ${flags}.` });
    expect(await readdir((error as { workingDirectory: string }).workingDirectory)).toEqual([]);
  });

  it.each([
    [{ language: 'cobol' }, /"cobol" is no language/],
    [{ action: ['Top'] }, /is no action/],
    [{ language: 'python', packageManager: 'npm' }, /npm does not install python projects/],
    [{ goSdk: '/' }, /which holds no go.mod/],
  ])('tells of the bad flag %j before it asks anything', async (flags, message) => {
    const terminal = recordTerminal({});
    const run = create({ directory: 'x', yes: false, ...flags }, terminal);
    await expect(run).rejects.toMatchObject({ kind: 'usage', message: expect.stringMatching(message) });
    expect(terminal.asked).toEqual([]);
  });

  it('warns of a licence that the SDK does not go with, and of git', async () => {
    const terminal = recordTerminal();
    await create({ directory: 'x', name: 'x1', language: 'go', license: 'mit', git: true }, terminal, {
      initRepository: async () => ({ type: 'failed', reason: 'git is not installed.' }),
    });
    expect(terminal.said.talk).toContain(
      'The licence is MIT, but the MIRASTACK SDK that a Go agent links is AGPL-3.0',
    );
    expect(terminal.said.talk).toContain('No git repository was made: git is not installed.\n');
    expect(terminal.said.talk).toContain('Next:\n');
  });

  it('makes nothing on a dry run', async () => {
    const terminal = recordTerminal();
    const fail = async () => {
      throw new Error('must not be called');
    };
    const services = { install: fail, initRepository: fail };
    const workspace = await create(
      { directory: 'my-agent', dryRun: true, install: true, git: true },
      terminal,
      services,
    );
    expect(terminal.said.talk).toMatch(/^Would make mirastack-plugin-my-agent/);
    expect(await readdir(workspace)).toEqual([]);
  });

  it('keeps the project when installing fails or is cancelled', async () => {
    const failing = async () => {
      throw new Error('the registry is gone');
    };
    const error: unknown = await create({ directory: 'my-agent', install: true }, recordTerminal(), {
      install: failing,
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'io', code: 'install-failed', hint: /Run npm install/ });
    const { workingDirectory } = error as { workingDirectory: string };
    expect(await readdir(path.join(workingDirectory, 'my-agent'))).toContain('package.json');

    const terminal = recordTerminal();
    const cancelled = create({ directory: 'my-agent', install: true }, terminal, {
      install: async () => {
        throw new CancelledError('SIGINT');
      },
    });
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
    expect(terminal.said.talk).toContain('The project is complete. Run npm install');
  });

  it('tells what it made before it fails to install', async () => {
    const failing = async () => {
      throw new Error('the registry is gone');
    };
    const terminal = recordTerminal();
    const options = { directory: 'my-agent', install: true, json: true, language: 'go' };
    await expect(create(options, terminal, { install: failing })).rejects.toThrow('the registry is gone');
    expect(JSON.parse(terminal.said.answers)).toMatchObject({
      project: { files: expect.arrayContaining(['main.go']) },
      installed: false,
      next: ['cd my-agent && go mod tidy', 'make dev'],
      error: {
        code: 'install-failed',
        hint: expect.stringContaining('GOPRIVATE=github.com/mirastacklabs-ai/mirastack-agents-sdk-go'),
      },
    });
  });

  it('says that workflows below the root of a repository are never run', async () => {
    const terminal = recordTerminal();
    await create({ directory: 'packages/my-agent', git: true }, terminal, {
      initRepository: async (directory) => ({ type: 'existing', directory: path.join(directory, '../..') }),
    });
    expect(terminal.said.talk).toMatch(
      /The repository's root is .*: workflows run from its \.github\/workflows only/,
    );
    const alone = recordTerminal();
    await create({ directory: 'my-agent', git: true }, alone, {
      initRepository: async (directory) => ({ type: 'existing', directory }),
    });
    expect(alone.said.talk).not.toContain('workflows run');
  });
});
