import { describe, expect, it } from 'vitest';
import { nearestName, suggestName } from '../../src/support/nearest.ts';

describe('nearestName', () => {
  it.each([
    ['ecko', 'echo'],
    ['ehco', 'echo'],
    ['ECHO', 'echo'],
    ['restrat', 'restart'],
    ['x', undefined],
    ['something', undefined],
    ['a'.repeat(1_000), undefined],
  ])('%s was meant as %s', (word, name) => {
    expect(nearestName(word, ['restart', 'echo', 'wait'])).toBe(name);
  });

  it('takes the nearest of several, and nothing of nothing', () => {
    expect(nearestName('get_items', ['get_item', 'get_times', 'set_items'])).toBe('get_item');
    expect(nearestName('x', [])).toBeUndefined();
  });
});

describe('suggestName', () => {
  it('is a sentence, or nothing', () => {
    expect(suggestName('ecko', ['echo'])).toBe('Did you mean echo? ');
    expect(suggestName('echo', ['echo'])).toBe('');
    expect(suggestName('zzz', ['echo'])).toBe('');
  });
});
