import { describe, expect, test } from 'vitest';
import { createLogger, type LogFields, type LogStyle } from '../../src/runtime/index.ts';
import { styleFor } from '../../src/runtime/logger.ts';

function logged(message: string, fields?: LogFields, style?: LogStyle): string {
  const lines: string[] = [];
  createLogger((line) => lines.push(line), style).warn(message, fields);
  expect(lines).toHaveLength(1);
  return lines[0] as string;
}

describe('JSON lines', () => {
  test('time, level and message come first, then the fields; what is undefined is left out', () => {
    const line = logged('disk full', { used: 1.5, ok: false, none: undefined, text: 'a "b"\n' });
    expect(line).toMatch(/^\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"warn","message":/);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
    expect(typeof time).toBe('string');
    expect(rest).toEqual({ level: 'warn', message: 'disk full', used: 1.5, ok: false, text: 'a "b"\n' });
  });

  test('a field cannot take the name of one of the three', () => {
    expect(JSON.parse(logged('m', { level: 'x', message: 'y' }))).toMatchObject({
      level: 'warn',
      message: 'm',
      level_: 'x',
      message_: 'y',
    });
  });

  test('what JSON cannot write does not stop the agent', () => {
    const fields = { big: 1n, error: new Error('e'), nan: Number.NaN } as unknown as LogFields;
    expect(JSON.parse(logged('m', fields))).toMatchObject({ big: '1', error: 'e', nan: 'NaN' });
  });
});

describe('pretty lines', () => {
  test('one line, quoted where it is not one word', () => {
    expect(logged('disk full', { used: 1.5, at: '/var', why: 'no "space"' }, { pretty: true })).toMatch(
      /^\d\d:\d\d:\d\d WARN {2}disk full used=1\.5 at=\/var why="no \\"space\\""\n$/,
    );
  });

  test('nothing in it drives the terminal or breaks the line', () => {
    const line = logged('a\u001b[2Jb\nc', { key: '\u001b]0;x\u0007', 'k\n': '\u009b' }, { pretty: true });
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}]/u);
    expect(line).toContain('a\\u001b[2Jb\\u000ac key="\\u001b]0;x\\u0007" k\\u000a="\\u009b"\n');
  });

  test('colours where they are asked for', () => {
    expect(logged('m', { a: 1 }, { pretty: true, colour: true })).toContain(
      '\u001b[33mWARN \u001b[0m m \u001b[2ma=\u001b[0m1',
    );
  });

  test.each([
    [{ isTTY: true }, {}, { pretty: true, colour: true }],
    [{ isTTY: true }, { NO_COLOR: '1' }, { pretty: true, colour: false }],
    [{ isTTY: true }, { NO_COLOR: '' }, { pretty: true, colour: true }],
    [{ isTTY: true }, { TERM: 'dumb' }, { pretty: true, colour: false }],
    [{}, {}, { pretty: false, colour: false }],
  ])('%j with %j is %j', (stream, env, style) => {
    expect(styleFor(stream, env)).toEqual(style);
  });
});
