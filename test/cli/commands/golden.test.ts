/** What people read, at three widths, with and without colour, letter by letter. The engine is scripted: its data never change. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runApprovalList, runApprovalShow } from '../../../src/cli/commands/approval.ts';
import { runConfig } from '../../../src/cli/commands/config.ts';
import { runEvents } from '../../../src/cli/commands/events.ts';
import { runGet } from '../../../src/cli/commands/get.ts';
import { runHealth } from '../../../src/cli/commands/health.ts';
import { runHistoryList, runHistoryShow } from '../../../src/cli/commands/history.ts';
import { runIntentList, runIntentMatch } from '../../../src/cli/commands/intent.ts';
import { runList } from '../../../src/cli/commands/list.ts';
import { runPromptList } from '../../../src/cli/commands/prompt.ts';
import { removeSession, startControl, writeSession } from '../../../src/control/index.ts';
import { PLAIN_THEME, textWidth } from '../../../src/terminal/index.ts';
import { colourTheme } from '../../support/record-terminal.ts';
import { runCommand } from '../command-lab.ts';
import { GOLDEN_ENGINE } from '../golden-engine.ts';

let project: string;
let close: () => Promise<void>;

beforeAll(async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'mirastack-golden-')));
  project = join(base, 'project');
  mkdirSync(project);
  mkdirSync(join(base, 'run'), { mode: 0o700 });
  vi.stubEnv('XDG_RUNTIME_DIR', join(base, 'run'));
  const server = await startControl({ engine: GOLDEN_ENGINE, version: '0.1.0' });
  const file = writeSession({
    controlUrl: server.url,
    token: server.token,
    grpcAddr: GOLDEN_ENGINE.address,
    tenantId: GOLDEN_ENGINE.tenantIds[0] ?? '',
    project,
    ephemeral: true,
  });
  close = async () => {
    removeSession(file);
    await server.close();
    vi.unstubAllEnvs();
    rmSync(base, { recursive: true, force: true });
  };
});
afterAll(() => close());

type Run = (record: {
  readonly columns: number;
  readonly theme: typeof PLAIN_THEME;
}) => ReturnType<typeof runCommand>;
const here = () => ({ project });
const COMMANDS: Readonly<Record<string, Run>> = {
  list: (record) => runCommand(runList, [], here(), record),
  'get query_vmetrics': (record) => runCommand(runGet, ['query_vmetrics'], here(), record),
  'health query_vmetrics': (record) => runCommand(runHealth, ['query_vmetrics'], here(), record),
  'config query_vmetrics': (record) => runCommand(runConfig, ['query_vmetrics'], here(), record),
  'approval list --all': (record) => runCommand(runApprovalList, [], { ...here(), all: true }, record),
  'approval show apr_000000000001': (record) =>
    runCommand(runApprovalShow, ['apr_000000000001'], here(), record),
  history: (record) => runCommand(runHistoryList, [], { ...here(), limit: 20 }, record),
  'history show 11111111': (record) => runCommand(runHistoryShow, ['11111111'], here(), record),
  'prompt list': (record) => runCommand(runPromptList, [], here(), record),
  'intent list': (record) => runCommand(runIntentList, [], here(), record),
  'intent match memory usage': (record) => runCommand(runIntentMatch, ['memory usage'], here(), record),
  events: (record) => runCommand(runEvents, [], { ...here(), follow: false }, record),
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour is made of them.
const COLOURS = /\u001b\[\d+m/g;
/** Colour as people can review it: the escape character stands as `^`. */
const readable = (text: string) => text.replaceAll('\u001b', '^');

describe.each([40, 80, 200])('at %i columns', (columns) => {
  it.each(['plain', 'colour'])('%s', async (look) => {
    const theme = look === 'plain' ? PLAIN_THEME : await colourTheme();
    let all = '';
    for (const [command, run] of Object.entries(COMMANDS)) {
      const { answers, talk } = await run({ columns, theme });
      all += `$ mirastack-agent ${command}\n${answers}${talk === '' ? '' : `--- on stderr\n${talk}`}\n`;
    }
    const file = new URL(`../../fixtures/cli/golden-${columns}-${look}.txt`, import.meta.url);
    await expect(readable(all)).toMatchFileSnapshot(file.pathname);
  });

  it('no table is wider than the terminal, and no foreign escape gets through', async () => {
    const theme = await colourTheme();
    for (const name of ['list', 'approval list --all', 'history', 'prompt list', 'config query_vmetrics']) {
      const { answers } = (await COMMANDS[name]?.({ columns, theme })) ?? { answers: '' };
      const lines = answers.replace(COLOURS, '').split('\n');
      // Ids and names are not cut: rows that do not fit stand one value a line.
      for (const line of lines) if (columns >= 80) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      for (const hostile of ['\u001b', '\u009b', '\u0007', '\r', '\u202e', '\u2066'])
        expect(lines.join('\n')).not.toContain(hostile);
    }
  });
});
