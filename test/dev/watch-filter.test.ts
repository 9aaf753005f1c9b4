import { describe, expect, it } from 'vitest';
import { compileGlob, createWatchFilter } from '../../src/dev/watch-filter.ts';

describe('compileGlob', () => {
  it.each([
    ['src', 'src/a/b.ts', true],
    ['src', 'src2/b.ts', false],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/deep/er/a.ts', true],
    ['**/*.{ts,tmpl}', 'templates/a.tmpl', true],
    ['**/*.{ts,tmpl}', 'templates/a.md', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['a.b', 'axb', false],
    ['a{b', 'a{b', true],
    ['a}b,c', 'a}b,c', true],
    ['../shared/**', '../shared/x.ts', true],
  ])('%s on %s: %s', (glob, path, expected) => {
    expect(compileGlob(glob).test(path)).toBe(expected);
  });
});

describe('createWatchFilter', () => {
  it('looks at names below the project only', () => {
    const filter = createWatchFilter({ directory: '/home/dist/{x}', patterns: [], ignoredNames: ['dist'] });
    expect(filter.roots).toEqual(['/home/dist/{x}']);
    expect(filter.ignores('/home/dist/{x}')).toBe(false);
    expect(filter.ignores('/home/dist/{x}/main.ts')).toBe(false);
    expect(filter.ignores('/home/dist/{x}/dist')).toBe(true);
    expect(filter.ignores('/home/dist/{x}/a/dist/main.js')).toBe(true);
    expect(filter.ignores('/home/dist/{x}/.mirastack/dev/state')).toBe(true);
    expect(filter.ignores('/home/dist/{x}/.mirastack/blueprint.json')).toBe(false);
    for (const name of ['.git', 'a.ts~', '4913', '.a.ts.swp', '.#a.ts', '#a.ts#', 'a.ts___jb_tmp___'])
      expect(filter.ignores(`/home/dist/{x}/${name}`)).toBe(true);
  });

  it('watches what patterns name, outside of the project too', () => {
    const patterns = ['src/**/*.ts', './templates/', '../shared', '.'];
    const filter = createWatchFilter({ directory: '/p/a{b', patterns, ignoredNames: [] });
    expect(filter.roots).toEqual(['/p/a{b/src', '/p/a{b/templates', '/p/shared', '/p/a{b']);
    expect(filter.matches('/p/shared/x.ts')).toBe(true);
    expect(filter.matches('/p/a{b/main.ts')).toBe(true);
    expect(filter.matches('/p/elsewhere/x.ts')).toBe(false);
  });
});
