import { describe, expect, it } from 'vitest';
import { LastLines, LineSplitter, MAX_LINE_BYTES } from '../../src/launch/lines.ts';

function split(chunks: readonly (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it('finds lines wherever the chunks break', () => {
    expect(split(['a', 'b\nc', '\n\nd\r\n', 'é'])).toEqual(['ab', 'c', '', 'd', 'é']);
    const bytes = Buffer.from('grüße\n');
    expect(split([bytes.subarray(0, 3), bytes.subarray(3)])).toEqual(['grüße']);
  });

  it('never throws on bytes that are no text', () => {
    expect(split([Buffer.from([0xff, 0x00, 0x1b, 0x0a])])).toEqual(['\ufffd\0\u001b']);
  });

  it('cuts a long line once and goes on behind its end', () => {
    const long = 'x'.repeat(MAX_LINE_BYTES);
    expect(split([long, '\nnext\n'])).toEqual([long, 'next']);
    const [cut = '', ...rest] = split([`${long}y`, 'y'.repeat(MAX_LINE_BYTES * 3), 'y\nnext\n', 'last']);
    expect(cut).toBe(`${long} … [line cut at 64 KiB]`);
    expect(rest).toEqual(['next', 'last']);
  });
});

it('LastLines keeps the newest twenty', () => {
  const last = new LastLines();
  for (let i = 1; i <= 25; i++) last.add(String(i));
  expect(last.lines).toHaveLength(20);
  expect(last.lines[0]).toBe('6');
  expect(last.lines.at(-1)).toBe('25');
});
