import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CreateOptions, runCreate } from '../../../src/cli/commands/create.ts';
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
    ask,
    said,
    asked,
  };
}

const OPTIONS: CreateOptions = { install: false, yes: true, json: false, dryRun: false };

async function create(
  options: Partial<CreateOptions>,
  terminal: Terminal,
  install: (directory: string) => Promise<void> = async () => {},
): Promise<string> {
  const workingDirectory = await makeWorkspace();
  const run = runCreate({ ...OPTIONS, ...options }, terminal, { workingDirectory, install });
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
    const installed: string[] = [];
    const workspace = await create(
      { directory: 'my-agent', install: true, json: true },
      terminal,
      async (to) => {
        installed.push(to);
      },
    );
    const directory = path.join(workspace, 'my-agent');
    expect(installed).toEqual([directory]);
    const document: unknown = JSON.parse(terminal.said.answers);
    const files = Object.keys(await snapshot(directory)).sort();
    expect(document).toEqual({
      project: { directory, name: 'mirastack-plugin-my-agent', files },
      installed: true,
      durationMs: expect.any(Number),
    });
    expect(terminal.said.talk).toBe('');
  });

  it('ends with the next two commands', async () => {
    const terminal = recordTerminal();
    await create({ directory: 'my agent' }, terminal);
    expect(terminal.said.talk).toContain("Next:\n  cd 'my agent' && npm install\n  npm run dev\n");
    const other = recordTerminal();
    await create({ directory: 'my-agent', install: true }, other);
    expect(other.said.talk).toContain('Next:\n  cd my-agent\n  npm run dev\n');
    expect(other.said.answers).toBe('');
  });

  it('asks on a terminal what no flag has answered', async () => {
    const terminal = recordTerminal({ directory: 'here', description: 'Reads things' });
    const workspace = await create({ yes: false, name: 'things' }, terminal);
    expect(terminal.asked).toEqual(['directory', 'description']);
    const project = await snapshot(path.join(workspace, 'here'));
    expect(project['plugin.ts']).toContain("description: 'Reads things'");
    expect(project['plugin.ts']).toContain('class ThingsPlugin');
  });

  it('names the flags when there is nobody to ask, and makes nothing', async () => {
    const run = create({ directory: 'x', yes: false, name: 'things' }, recordTerminal());
    const error = await run.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'usage', message: 'There is no terminal to ask for --description.' });
    expect(await readdir((error as { workingDirectory: string }).workingDirectory)).toEqual([]);
  });

  it('tells a bad flag before it asks anything', async () => {
    const terminal = recordTerminal({});
    const run = create({ directory: 'x', yes: false, language: 'go' }, terminal);
    await expect(run).rejects.toMatchObject({ kind: 'usage', message: /not available yet/ });
    expect(terminal.asked).toEqual([]);
  });

  it('makes nothing on a dry run', async () => {
    const terminal = recordTerminal();
    const workspace = await create({ directory: 'my-agent', dryRun: true }, terminal);
    expect(terminal.said.talk).toMatch(/^Would make mirastack-plugin-my-agent/);
    expect(await readdir(workspace)).toEqual([]);
  });

  it('keeps the project when installing fails or is cancelled', async () => {
    const failing = async () => {
      throw new Error('the registry is gone');
    };
    const error: unknown = await create(
      { directory: 'my-agent', install: true },
      recordTerminal(),
      failing,
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'io', code: 'install-failed', hint: /Run npm install/ });
    const { workingDirectory } = error as { workingDirectory: string };
    expect(await readdir(path.join(workingDirectory, 'my-agent'))).toContain('package.json');

    const terminal = recordTerminal();
    const cancelled = create({ directory: 'my-agent', install: true }, terminal, async () => {
      throw new CancelledError('SIGINT');
    });
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
    expect(terminal.said.talk).toContain('The project is complete. Run npm install');
  });
});
