import { describe, expect, it } from 'vitest';
import { cutText, layoutFields, layoutTable, textWidth, wrapText } from '../../src/terminal/index.ts';

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['한글', 4],
    ['🔎', 2],
    ['👩‍👩‍👧', 2],
    ['⏱️', 2],
    ['ｱ', 1],
    ['Ａ', 2],
    ['a\u200bb', 2],
  ])('%j takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('cutText', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['日本語', 4, '日…'],
    ['日本語', 5, '日本…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j at %i is %j', (text, width, cut) => {
    expect(cutText(text, width)).toBe(cut);
    expect(textWidth(cutText(text, width))).toBeLessThanOrEqual(width);
  });
});

describe('wrapText', () => {
  it('breaks at spaces, and leaves a long word whole', () => {
    expect(wrapText('a bb ccc dddddddd e', 6)).toEqual(['a bb', 'ccc', 'dddddddd', 'e']);
  });
});

describe('layoutTable', () => {
  const columns = [
    { title: 'id' },
    { title: 'text', flexible: 'cut' },
    { title: 'more', flexible: 'fold' },
  ] as const;
  const rows = [
    ['7', 'some words that are long', 'and others that go on below'],
    ['日本', 'x', ''],
  ];

  it('aligns letters of any width, without spaces at the end', () => {
    expect(layoutTable(columns, rows)).toEqual([
      'ID   TEXT                     MORE',
      '7    some words that are long and others that go on below',
      '日本 x',
    ]);
  });

  it.each([30, 36, 45, 57, 80])('fits into %i columns', (room) => {
    const lines = layoutTable(columns, rows, { columns: room });
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(room);
    const all = lines.map((line) => line.slice(line.lastIndexOf('  ') + 1)).join(' ');
    for (const word of ['others', 'below']) expect(all).toContain(word);
  });

  it('stands one value a line where no table fits', () => {
    expect(layoutTable(columns, rows, { columns: 20 })).toEqual([
      'id   7',
      'text some words that are long',
      'more and others that go on below',
      '',
      'id   日本',
      'text x',
    ]);
  });

  it('cleans cells, and puts the style around what is left', () => {
    const style = (text: string) => `<${text}>`;
    const [line] = layoutTable([{ title: 'a' }, { title: 'b' }], [[{ text: 'x\u001b[2J\ny', style }, 'z']], {
      header: false,
    });
    expect(line).toBe('<x y> z');
  });

  it('is empty without rows', () => {
    expect(layoutTable(columns, [])).toEqual([]);
  });
});

describe('layoutFields', () => {
  it('wraps values under themselves', () => {
    const fields = [
      ['a', 'one two three'],
      ['long', ''],
    ] as const;
    expect(layoutFields(fields)).toEqual(['a    one two three', 'long']);
    expect(layoutFields(fields, { columns: 15 })).toEqual(['a    one two', '     three', 'long']);
  });
});
