import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binsOf, sharePackage } from '../support/package.ts';
import { HAS_TERMINAL, openTerminal, type TerminalSession } from '../support/terminal.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
let create: string;

beforeAll(async () => {
  create = binsOf((await sharePackage()).installed).create;
  work = createWorkplace();
});
afterAll(() => work?.close());

const ARROW_DOWN = '\x1b[B';
/** As they are asked where no flag answers. */
const QUESTIONS = [
  'Language',
  'Agent name',
  'What may the agent do?',
  'What does it talk to?',
  'How does that system take times?',
  'What does the agent do?',
  'Licence',
];

const shows = (terminal: TerminalSession, text: string) =>
  expect.poll(() => terminal.screen(), { timeout: 15_000 }).toContain(text);

describe.skipIf(!HAS_TERMINAL)('create at a terminal (needs Python or script)', () => {
  test('asks what no flag has answered, refuses a bad answer and takes the next', async () => {
    const cwd = work.makeFolder();
    const terminal = openTerminal(work, create, ['--no-install', '--no-git', '--license', 'mit'], { cwd });
    await shows(terminal, 'Folder of the project');
    terminal.type('my-logs\r');
    await shows(terminal, 'Language');
    terminal.type('\r');
    await shows(terminal, 'Agent name');
    terminal.type('No-Good\r');
    await shows(terminal, 'is not an agent name: use 2 to 63 lower-case letters');
    // Ctrl-U empties the line.
    terminal.type('\x15audit_logs\r');
    await shows(terminal, 'What may the agent do?');
    terminal.type(`${ARROW_DOWN}\r`);
    await shows(terminal, 'What does it talk to?');
    terminal.type('\r');
    await shows(terminal, 'How does that system take times?');
    terminal.type(`${ARROW_DOWN}${ARROW_DOWN}\r`);
    await shows(terminal, 'What does the agent do?');
    terminal.type('Reads audit logs\r');
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toContain('Made mirastack-plugin-audit-logs');
    expect(terminal.screen()).not.toContain('Licence');
    expect(readdirSync(cwd)).toEqual(['my-logs']);
    const plugin = readFileSync(join(cwd, 'my-logs/plugin.ts'), 'utf8');
    expect(plugin).toContain("name: 'audit_logs'");
    expect(plugin).toContain("description: 'Reads audit logs'");
    expect(plugin).toContain("permission: 'MODIFY'");
    const config: unknown = JSON.parse(readFileSync(join(cwd, 'my-logs/mirastack.config.json'), 'utf8'));
    expect(config).toMatchObject({ backendFamily: 'logs' });
  });

  test('Enter takes what is offered, seven times, and the questions fit on one screen', async () => {
    const cwd = work.makeFolder();
    const terminal = openTerminal(work, create, ['events', '--no-install', '--no-git'], { cwd });
    for (const question of QUESTIONS) {
      await shows(terminal, question);
      terminal.type('\r');
    }
    expect(await terminal.exited).toBe(0);
    expect(QUESTIONS.length).toBeLessThan(10);
    const plugin = readFileSync(join(cwd, 'events/plugin.ts'), 'utf8');
    expect(plugin).toContain("name: 'events'");
    expect(plugin).toContain("permission: 'READ'");
    expect(readFileSync(join(cwd, 'events/LICENSE'), 'utf8')).toContain('GNU AFFERO');
  });

  test.each([
    ['the first question', [], 'Folder of the project'],
    ['a question with choices', ['x'], 'Language'],
    ['a later question', ['x', '--language', 'typescript'], 'Agent name'],
  ] as const)('Ctrl-C at %s ends it with 130 and leaves nothing', async (_place, args, question) => {
    const cwd = work.makeFolder();
    const terminal = openTerminal(work, create, args, { cwd });
    await shows(terminal, question);
    terminal.type('\x03');
    expect(await terminal.exited).toBe(130);
    expect(terminal.screen()).not.toMatch(/Error|^\s+at /m);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('a folder that will not do is refused before anything is asked', async () => {
    const terminal = openTerminal(work, create, [work.folder], { cwd: work.folder });
    expect(await terminal.exited).toBe(2);
    expect(terminal.screen()).toContain('nothing was changed');
    expect(terminal.screen()).not.toContain('Agent name');
  });
});
