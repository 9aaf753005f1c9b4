import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/support/cancelled.ts';
import { createTerminal, createTheme, isColoured } from '../../src/terminal/index.ts';

const asTTY = (stream: PassThrough) => Object.assign(stream, { isTTY: true });

function makeStreams() {
  const stderr = new PassThrough();
  // Like the process's own stderr, which no pipe can end.
  stderr.end = () => stderr;
  return { stdin: new PassThrough(), stdout: new PassThrough(), stderr };
}

describe('isColoured', () => {
  it.each([
    [{ isTTY: true, env: {}, wanted: true }, true],
    [{ isTTY: false, env: {}, wanted: true }, false],
    [{ isTTY: true, env: {}, wanted: false }, false],
    [{ isTTY: true, env: { NO_COLOR: '1' }, wanted: true }, false],
    [{ isTTY: true, env: { NO_COLOR: '' }, wanted: true }, true],
    [{ isTTY: true, env: { TERM: 'dumb' }, wanted: true }, false],
  ])('%j is %s', (question, expected) => {
    expect(isColoured(question)).toBe(expected);
  });
});

describe('createTheme', () => {
  it('marks text only when coloured', async () => {
    expect((await createTheme(false)).good('x')).toBe('x');
    expect((await createTheme(true)).good('x')).toBe('\u001b[32mx\u001b[39m');
  });
});

describe('createTerminal', () => {
  it('keeps answers and talk apart', async () => {
    const streams = makeStreams();
    const terminal = await createTerminal({ ...streams, env: {}, colour: true });
    terminal.answers.line('answer');
    terminal.talk.line('talk');
    expect(String(streams.stdout.read())).toBe('answer\n');
    expect(String(streams.stderr.read())).toBe('talk\n');
    expect(terminal.isInteractive).toBe(false);
  });

  it('is quiet once the reader has gone, and only then', async () => {
    const streams = makeStreams();
    const terminal = await createTerminal({ ...streams, env: {}, colour: true });
    streams.stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
    terminal.answers.line('answer');
    expect(streams.stdout.read()).toBeNull();
    const fail = () => streams.stderr.emit('error', Object.assign(new Error('full'), { code: 'ENOSPC' }));
    expect(fail).toThrow('full');
  });

  it('asks on stderr, checks the answer, and leaves stdout clean', async () => {
    const streams = makeStreams();
    asTTY(streams.stdin);
    asTTY(streams.stderr);
    const terminal = await createTerminal({ ...streams, env: {}, colour: false });
    expect(terminal.isInteractive).toBe(true);
    const shown = watch(streams.stderr);
    const asked = terminal.ask([
      { key: 'name', message: 'Name', check: (value) => (value === 'bad' ? 'Not bad.' : undefined) },
      { key: 'title', message: 'Title', defaultFor: (answers) => `The ${answers.name}` },
    ]);
    await shown.until('Name');
    streams.stdin.write('bad\n');
    await shown.until('Not bad.');
    streams.stdin.write('ly\n');
    await shown.until('Title');
    streams.stdin.write('\n');
    expect(await asked).toEqual({ name: 'badly', title: 'The badly' });
    expect(streams.stdout.read()).toBeNull();
  });

  it('turns Ctrl-C and an abort into a CancelledError', async () => {
    const streams = makeStreams();
    const terminal = await createTerminal({ ...streams, env: {}, colour: false });
    const shown = watch(streams.stderr);
    const asked = terminal.ask([{ key: 'name', message: 'Name' }]);
    await shown.until('Name');
    streams.stdin.write('\u0003');
    await expect(asked).rejects.toBeInstanceOf(CancelledError);
    const signal = AbortSignal.abort(new CancelledError('SIGTERM'));
    await expect(terminal.ask([{ key: 'name', message: 'Name' }], signal)).rejects.toMatchObject({
      signal: 'SIGTERM',
    });
  });
});

/** Waits for words on a stream, without looking at the clock. */
function watch(stream: PassThrough) {
  let text = '';
  const news = new EventEmitter();
  stream.on('data', (chunk: Buffer) => {
    text += String(chunk);
    news.emit('more');
  });
  return {
    async until(words: string): Promise<void> {
      while (!text.includes(words)) await new Promise((resolve) => news.once('more', resolve));
      text = '';
    },
  };
}
