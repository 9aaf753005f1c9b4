import { expect, it } from 'vitest';
import { CrashPolicy } from '../../src/dev/crash-policy.ts';

it('doubles the wait and gives up at the fifth crash', () => {
  const policy = new CrashPolicy();
  const verdicts = [0, 1, 2, 3, 4].map((atMs) => policy.crashed(atMs));
  expect(verdicts.map((verdict) => (verdict === 'give-up' ? verdict : verdict.retryMs))).toEqual([
    500,
    1_000,
    2_000,
    4_000,
    'give-up',
  ]);
  policy.forget();
  expect(policy.crashed(5)).toEqual({ retryMs: 500, crashes: 1 });
});

it('counts an agent that lives ten seconds each time, and forgets one that lives long', () => {
  const often = new CrashPolicy();
  expect([1, 2, 3, 4, 5].map((n) => often.crashed(n * 10_000)).at(-1)).toBe('give-up');
  const seldom = new CrashPolicy();
  for (let n = 1; n <= 50; n++) expect(seldom.crashed(n * 10 * 60_000)).toEqual({ retryMs: 500, crashes: 1 });
});
