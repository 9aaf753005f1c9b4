import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshot } from '../scaffold/workspace.ts';
import { binsOf, sharePackage } from '../support/package.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
let bins: ReturnType<typeof binsOf>;
let busyPort: number;
const occupant = createServer();

beforeAll(async () => {
  bins = binsOf((await sharePackage()).installed);
  work = createWorkplace();
  const full = work.makeFolder('full');
  writeFileSync(join(full, 'notes.txt'), 'mine');
  writeFileSync(join(full, 'README.md'), 'mine, too');
  mkdirSync(join(full, '.git'));
  writeFileSync(join(work.folder, 'file'), '');
  symlinkSync(full, join(work.folder, 'link'));
  work.makeFolder('empty');
  work.makeFolder('not-installed');
  writeFileSync(join(work.folder, 'not-installed/mirastack.config.json'), '{}');
  writeFileSync(join(work.folder, 'not-installed/package.json'), '{ "dependencies": { "x": "1.0.0" } }');
  work.makeFolder('bad-config');
  writeFileSync(join(work.folder, 'bad-config/mirastack.config.json'), '{ "dev": { "wotch": [] } }');
  writeFileSync(join(work.folder, 'bad-config/package.json'), '{}');
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  busyPort = (occupant.address() as { port: number }).port;
});
afterAll(async () => {
  occupant.close();
  await work?.close();
});

interface Case {
  readonly bin: 'create' | 'toolkit';
  readonly args: readonly string[];
  readonly code: number;
  readonly error: string;
  /** The sentence; `<folder>` stands for the folder the program runs in, `<busy>` for the taken port. */
  readonly message: string;
  /** Any, or none, when left out. */
  readonly hint?: RegExp;
}

/** Root may write anywhere but to the kernel's own file systems. */
const UNWRITABLE = process.platform === 'linux' ? '/proc/self' : '/dev/fd';
const create = (args: readonly string[], rest: Omit<Case, 'bin' | 'args'>): Case => ({
  bin: 'create',
  args,
  ...rest,
});
const toolkit = (args: readonly string[], rest: Omit<Case, 'bin' | 'args'>): Case => ({
  bin: 'toolkit',
  args,
  ...rest,
});

const CASES: readonly Case[] = [
  toolkit(['lisst'], {
    code: 2,
    error: 'unknown-command',
    message: "Unknown command 'lisst'.",
    hint: /^Did you mean list\? See --help\.$/,
  }),
  toolkit(['list', '--jsom'], {
    code: 2,
    error: 'unknown-option',
    message: "Unknown option '--jsom'.",
    hint: /--json/,
  }),
  create(['x', '--nmae', 'x'], {
    code: 2,
    error: 'unknown-option',
    message: "Unknown option '--nmae'.",
    hint: /--name/,
  }),
  create(['one', 'two'], {
    code: 2,
    error: 'excess-arguments',
    message: 'Too many arguments. Expected 1 argument but got 2.',
  }),
  toolkit(['approval', 'approev'], {
    code: 2,
    error: 'unknown-command',
    message: "Unknown command 'approev'.",
    hint: /^Did you mean approve\? See --help\.$/,
  }),
  toolkit(['history', 'shwo'], {
    code: 2,
    error: 'unknown-command',
    message: "Unknown command 'shwo'.",
    hint: /^Did you mean show\? See --help\.$/,
  }),
  toolkit(['approval', 'approve'], {
    code: 2,
    error: 'missing-argument',
    message: "Missing required argument 'id'.",
  }),
  toolkit(['events', '--since', '-1'], {
    code: 2,
    error: 'invalid-argument',
    message: "Option '--since <number>' argument '-1' is invalid. Expected a whole number of 0 or more.",
  }),
  toolkit(['list', '--control', 'http://127.0.0.1:1'], {
    code: 3,
    error: 'no-engine',
    message: 'None of your running engines has its control API at http://127.0.0.1:1.',
    hint: /^Start one with /,
  }),
  toolkit(['list', '--control', 'gone.json'], {
    code: 2,
    error: 'bad-session-file',
    message: 'The session file gone.json cannot be read: ENOENT.',
  }),
  toolkit(['list'], {
    code: 3,
    error: 'no-engine',
    message: 'No engine is running.',
    hint: /^Start one with `mirastack-agent dev` or `mirastack-agent engine`\.$/,
  }),
  toolkit(['engine', '--health-interval', 'soon'], {
    code: 2,
    error: 'invalid-argument',
    message:
      "Option '--health-interval <seconds>' argument 'soon' is invalid. Expected a number of seconds above 0 and up to 86400.",
  }),
  toolkit(['list', '--project', 'empty'], {
    code: 3,
    error: 'no-engine',
    message: 'No engine is running for <folder>/empty.',
    hint: /^Start one with `mirastack-agent dev` or `mirastack-agent engine`\.$/,
  }),
  toolkit(['invoke', 'echo', '--project', 'empty'], {
    code: 3,
    error: 'no-engine',
    message: 'No engine is running for <folder>/empty.',
  }),
  toolkit(['list', '--project', 'gone'], {
    code: 2,
    error: 'no-such-folder',
    message: 'gone is not a folder.',
  }),
  toolkit(['engine', '--ephemeral', '--listen', '127.0.0.1:<busy>', '--project', 'empty'], {
    code: 2,
    error: 'cannot-listen',
    message: 'The engine cannot listen on 127.0.0.1:<busy>: EADDRINUSE.',
  }),
  toolkit(['dev', 'empty'], {
    code: 2,
    error: 'no-project',
    message: 'here is no agent project in empty or in any folder above it',
  }),
  toolkit(['dev', 'not-installed'], {
    code: 4,
    error: 'dependencies-missing',
    message: 'he dependencies are not installed in <folder>/not-installed',
    hint: /npm install/,
  }),
  toolkit(['dev', 'bad-config'], {
    code: 2,
    error: 'bad-config',
    message: '<folder>/bad-config/mirastack.config.json: "dev.wotch" must be left out',
  }),
  create(['full', '--yes'], {
    code: 2,
    error: 'target-not-empty',
    message: 'The folder <folder>/full already holds "notes.txt"; nothing was changed.',
    hint: /^Name a new or empty folder; \.git, README\*, LICENSE\* and \.gitignore may be in it\.$/,
  }),
  create(['file', '--yes'], {
    code: 2,
    error: 'target-not-folder',
    message: '<folder>/file is not a folder.',
  }),
  create(['link', '--yes'], {
    code: 2,
    error: 'target-is-link',
    message: '<folder>/link is a symbolic link.',
  }),
  create(['file/x', '--yes'], {
    code: 2,
    error: 'target-not-usable',
    message: '<folder>/file/x lies under a file.',
  }),
  create(['x', '--yes', '--name', 'My-Agent'], {
    code: 2,
    error: 'bad-answer',
    message:
      '"My-Agent" is not an agent name: use 2 to 63 lower-case letters, digits and underscores, a letter first.',
    hint: /^Change --name\.$/,
  }),
  create(['x', '--yes', '--name', 'class'], {
    code: 2,
    error: 'bad-answer',
    message: '"class" is not an agent name: it is a reserved word of TypeScript, Go, Python or Windows.',
  }),
  create(['x', '--yes', '--language', 'cobol'], {
    code: 2,
    error: 'bad-answer',
    message: '"cobol" is no language, use typescript, go or python.',
  }),
  create(['x'], {
    code: 2,
    error: 'missing-answer',
    message:
      'There is no terminal to ask for --language, --name, --permission, --backend, --backend-family, --description and --license.',
    hint: /^Add --language, .* and --license, or --yes to take the defaults\.$/,
  }),
  create(['x', '--yes', '--toolkit', './gone.tgz'], {
    code: 2,
    error: 'toolkit-not-found',
    message: '--toolkit names <folder>/gone.tgz, which does not exist.',
  }),
  create([`${UNWRITABLE}/agent`, '--yes'], {
    code: 5,
    error: 'write-failed',
    message: `Cannot write the project to ${UNWRITABLE}/agent: `,
  }),
];

describe.each(CASES)('$bin $args', ({ bin, args, code, error, message, hint = /^/ }) => {
  const fill = (text: string) => text.replace('<folder>', work.folder).replace('<busy>', String(busyPort));
  const run = (...more: string[]) => work.run(bins[bin], [...args.map(fill), ...more]);

  test(`ends with ${code} and says why in a sentence, then how to mend it`, async () => {
    const before = bin === 'create' ? await snapshot(work.folder) : {};
    const outcome = await run();
    expect(outcome).toMatchObject({ code, stdout: '' });
    const said = outcome.stderr.trimEnd().split('\n');
    expect(said.at(0)).toContain(fill(message));
    expect(said.at(1) ?? '').toMatch(hint);
    expect(said.length).toBeLessThanOrEqual(2);
    // Whatever it refused: nothing was made, changed or left.
    if (bin === 'create') expect(await snapshot(work.folder)).toEqual(before);
  });

  test('prints one document and nothing else with --json', async () => {
    const { stdout, ...rest } = await run('--json');
    expect(rest).toEqual({ code, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: error,
        message: expect.stringContaining(fill(message)),
        hint: expect.stringMatching(hint),
      },
    });
  });
});

test('a program without a command says so', async () => {
  const stderr = 'A command is missing.\nSee --help.\n';
  expect(await work.run(bins.toolkit)).toEqual({ code: 2, stdout: '', stderr });
});
