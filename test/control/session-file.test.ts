import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  assertNoSession,
  findSession,
  removeSession,
  type Session,
  writeSession,
} from '../../src/control/index.ts';
import { UserError } from '../../src/support/errors.ts';

const TOKEN = 'cd'.repeat(32);
let base: string;
let project: string;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  base = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'control-'));
  project = path.join(base, 'project');
  fs.mkdirSync(project);
  fs.mkdirSync(path.join(base, 'run'), { mode: 0o700 });
  folder = path.join(base, 'run', 'mirastack');
  vi.stubEnv('XDG_RUNTIME_DIR', path.join(base, 'run'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  fs.rmSync(base, { recursive: true, force: true });
});

const fields = (ephemeral = false) => ({
  controlUrl: 'http://127.0.0.1:40000',
  token: TOKEN,
  grpcAddr: '127.0.0.1:50051',
  tenantId: 'd3f6c1de-0000-4000-8000-000000000001',
  project,
  ephemeral,
});
const modeOf = (file: string) => (fs.statSync(file).mode & 0o777).toString(8);
const fileOf = (pid: number) =>
  path.join(folder, `${createHash('sha256').update(project).digest('hex').slice(0, 16)}-${pid}.json`);

/** A process that lives until the test ends. */
function startProcess(): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  children.push(child);
  return child.pid ?? 0;
}

/** The file of another process's engine. */
function plant(pid: number, change: Partial<Session> = {}): string {
  const session: Session = {
    version: 1,
    ...fields(),
    pid,
    processStart: null,
    startedAt: new Date().toISOString(),
    ...change,
  };
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(fileOf(pid), JSON.stringify(session), { mode: 0o600 });
  return fileOf(pid);
}

/** The error, checked for not telling the token. */
function errorOf(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect(String(error) + JSON.stringify(error)).not.toContain(TOKEN);
    return error as UserError;
  }
  throw new Error('No error was thrown.');
}

describe('a session file', () => {
  it('is for its user only, under its name, and tells what was written', () => {
    const file = writeSession(fields());
    expect(file).toBe(fileOf(process.pid));
    expect([modeOf(folder), modeOf(file)]).toEqual(['700', '600']);
    expect(fs.readdirSync(folder)).toEqual([path.basename(file)]);
    const session = findSession(project);
    expect(session).toMatchObject({ version: 1, ...fields(), pid: process.pid });
    expect(Math.abs(Date.now() - Date.parse(session.startedAt))).toBeLessThan(10_000);
    removeSession(file);
    removeSession(file);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it.each([0o000, 0o777])('has the same modes under umask %i', (umask) => {
    const earlier = process.umask(umask);
    try {
      const file = writeSession(fields());
      expect([modeOf(folder), modeOf(file)]).toEqual(['700', '600']);
    } finally {
      process.umask(earlier);
    }
  });

  it('is found by every way to write the folder', () => {
    writeSession(fields());
    const link = path.join(base, 'link');
    fs.symlinkSync(project, link);
    expect(findSession(link).pid).toBe(process.pid);
    expect(findSession(path.relative(process.cwd(), project)).pid).toBe(process.pid);
    expect(errorOf(() => findSession(base)).code).toBe('no-engine');
  });

  it('goes to the temporary folder where the user has no runtime folder', () => {
    vi.stubEnv('TMPDIR', base);
    for (const runtime of [undefined, '', 'relative', path.join(base, 'absent')]) {
      vi.stubEnv('XDG_RUNTIME_DIR', runtime);
      const file = writeSession(fields());
      expect(path.dirname(file)).toBe(path.join(base, `mirastack-${process.getuid?.()}`));
      expect(modeOf(path.dirname(file))).toBe('700');
      expect(findSession(project).pid).toBe(process.pid);
    }
  });
});

describe('the folder', () => {
  it('that is a symbolic link is refused, to write and to read', () => {
    fs.mkdirSync(path.join(base, 'elsewhere'), { mode: 0o700 });
    fs.symlinkSync(path.join(base, 'elsewhere'), folder);
    for (const work of [() => writeSession(fields()), () => findSession(project)])
      expect(errorOf(work)).toMatchObject({ kind: 'io', code: 'unsafe-session-folder' });
    expect(fs.readdirSync(path.join(base, 'elsewhere'))).toEqual([]);
    fs.unlinkSync(folder);
    fs.symlinkSync(path.join(base, 'absent'), folder);
    expect(errorOf(() => writeSession(fields())).message).toContain('is a symbolic link');
    expect(fs.existsSync(path.join(base, 'absent'))).toBe(false);
  });

  it.each([0o755, 0o770, 0o701])('that others can enter is refused (mode %i)', (mode) => {
    fs.mkdirSync(folder);
    fs.chmodSync(folder, mode);
    expect(errorOf(() => writeSession(fields())).message).toContain(`has mode 0${mode.toString(8)}`);
    expect(errorOf(() => findSession(project)).code).toBe('unsafe-session-folder');
    expect(modeOf(folder)).toBe(mode.toString(8));
  });

  it('that is a file, or of another user, is refused', () => {
    fs.writeFileSync(folder, '');
    expect(errorOf(() => writeSession(fields())).message).toContain('is not a folder');
    fs.unlinkSync(folder);
    fs.mkdirSync(folder, { mode: 0o700 });
    const owner = fs.statSync(folder).uid;
    vi.spyOn(process, 'getuid').mockReturnValue(owner + 1);
    expect(errorOf(() => writeSession(fields())).message).toContain(`belongs to the user with id ${owner}`);
    expect(errorOf(() => findSession(project)).code).toBe('unsafe-session-folder');
  });

  it.runIf(process.getuid?.() === 0)('gives another user nothing', () => {
    const file = writeSession(fields());
    fs.chmodSync(base, 0o755);
    fs.chmodSync(path.join(base, 'run'), 0o755);
    for (const command of [
      ['cat', file],
      ['ls', folder],
    ] as const) {
      const reply = spawnSync(command[0], [command[1]], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
      expect([reply.status === 0, reply.stdout]).toEqual([false, '']);
    }
  });
});

describe('an engine that is gone', () => {
  const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

  it('is not found, and its file and draft are removed', () => {
    const file = plant(deadPid());
    fs.writeFileSync(`${file}.0a1b.tmp`, '{');
    const error = errorOf(() => findSession(project));
    expect(error).toMatchObject({
      kind: 'unreachable',
      code: 'no-engine',
      message: `No engine is running for ${project}.`,
      hint: 'Start one with `mirastack-agent dev` or `mirastack-agent engine`.',
    });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('does not hinder the next one, nor the files of other projects', () => {
    plant(deadPid());
    const other = path.join(folder, `${'0'.repeat(16)}-${deadPid()}.json`);
    fs.writeFileSync(other, '');
    assertNoSession(project);
    writeSession(fields());
    expect(findSession(project).pid).toBe(process.pid);
    expect(fs.existsSync(other)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('is told from a process that got its number', () => {
    const pid = startProcess();
    const file = plant(pid, { processStart: '1' });
    expect(errorOf(() => findSession(project)).code).toBe('no-engine');
    expect(fs.existsSync(file)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('is gone though nobody has collected its process', async () => {
    // The shell starts a child and becomes a program that never collects it.
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 61'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(shell);
    const pid = await new Promise<number>((resolve) =>
      shell.stdout.once('data', (text) => resolve(Number(text))),
    );
    const read = (process: number | undefined, name: string) =>
      fs.readFileSync(`/proc/${process}/${name}`, 'utf8');
    await vi.waitFor(() => expect(read(shell.pid, 'comm')).toBe('sleep\n'), 10_000);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(read(pid, 'stat')).toContain(') Z '), 10_000);
    plant(pid);
    expect(errorOf(() => findSession(project)).code).toBe('no-engine');
  });
});

describe('several engines', () => {
  it('of one project: the lasting one is found', () => {
    const pid = startProcess();
    plant(pid);
    plant(startProcess(), { ephemeral: true });
    expect(findSession(project).pid).toBe(pid);
  });

  it('all ephemeral: one is found, more are named', () => {
    const pids = [startProcess(), startProcess()].sort((a, b) => a - b);
    plant(pids[0] ?? 0, { ephemeral: true });
    expect(findSession(project).pid).toBe(pids[0]);
    plant(pids[1] ?? 0, { ephemeral: true });
    const error = errorOf(() => findSession(project));
    expect(error).toMatchObject({ kind: 'usage', code: 'several-engines' });
    expect(error.message).toContain(pids.join(', '));
  });

  it('that last are refused, and the first keeps its place', () => {
    const pid = startProcess();
    plant(pid);
    const error = errorOf(() => assertNoSession(project));
    expect(error).toMatchObject({ kind: 'usage', code: 'engine-running' });
    expect(error.message).toContain(`pid ${pid}`);
    expect(errorOf(() => writeSession(fields())).code).toBe('engine-running');
    expect(fs.readdirSync(folder)).toEqual([path.basename(fileOf(pid))]);
    removeSession(writeSession(fields(true)));
    expect(findSession(project).pid).toBe(pid);
  });

  it('that are ephemeral hinder nobody', () => {
    plant(startProcess(), { ephemeral: true });
    assertNoSession(project);
    writeSession(fields());
    expect(findSession(project).pid).toBe(process.pid);
  });
});

describe('bad content', () => {
  it.each([
    ['not JSON', '{"token":'],
    ['not an object', '[]'],
    ['another version', JSON.stringify({ version: 2 })],
  ])('%s is refused with the file named', (_name, text) => {
    const pid = startProcess();
    fs.writeFileSync(plant(pid), text);
    const error = errorOf(() => findSession(project));
    expect(error).toMatchObject({ kind: 'usage', code: 'bad-session-file' });
    expect(error.message).toContain(fileOf(pid));
  });

  it.each([
    'http://evil.test:80',
    'http://127.0.0.1.evil.test:80',
    'https://127.0.0.1:80',
    'http://127.0.0.1:80/x',
    'http://127.0.0.1:80@evil.test',
  ])('a token is never carried to %s', (controlUrl) => {
    plant(startProcess(), { controlUrl });
    expect(errorOf(() => findSession(project)).code).toBe('bad-session-file');
  });

  it('a project folder that does not exist is a wrong usage', () => {
    expect(errorOf(() => findSession(path.join(base, 'nowhere')))).toMatchObject({
      kind: 'usage',
      code: 'no-such-folder',
    });
  });
});
