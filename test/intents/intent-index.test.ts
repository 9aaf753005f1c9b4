import { describe, expect, test } from 'vitest';
import {
  createIntentIndex,
  type IntentFaultKind,
  listOverlaps,
  listRoutingConflicts,
  listUnroutedActions,
  MAX_INTENTS_PER_AGENT,
  matchIntents,
} from '../../src/intents/index.ts';
import { agent } from './agents.ts';

const faultsOf = (pattern: string) => createIntentIndex().add(agent('a', { go: [pattern] }));

describe('what is wrong with an intent', () => {
  test.each<[string, IntentFaultKind, string]>([
    ['restart(?= pod)', 'does-not-compile', 'does not compile: invalid or unsupported Perl syntax "(?="'],
    ['(?<=a)b', 'does-not-compile', 'does not compile: invalid named capture'],
    ['(\\w+) \\1', 'does-not-compile', 'does not compile: invalid escape sequence "\\\\1"'],
    ['*restart*', 'does-not-compile', 'missing argument to repetition operator "*"'],
    ['C++ build', 'does-not-compile', 'put a backslash before each sign that is meant as text'],
    ['(show', 'does-not-compile', 'missing closing )'],
    ['a{0,1000}b', 'too-large', 'has 2003 steps, and at most 1000 are allowed'],
    ['(?:a{1,30}){1,30}b', 'too-large', 'steps, and at most 1000 are allowed'],
    [' \n ', 'empty', 'an intent is empty'],
    ['x'.repeat(513), 'too-long', 'has 513 characters, and at most 512 are allowed'],
  ])('%.40j is left out: %s', (pattern, kind, message) => {
    const faults = faultsOf(pattern);
    expect(faults).toMatchObject([{ agent: 'a', action: 'go', kind, pattern, dropped: true }]);
    expect(faults[0]?.message).toContain(message);
  });

  test('a pattern that matches the empty text stays, with a warning', () => {
    const index = createIntentIndex([agent('a', { go: ['(please )?x*'] })]);
    expect(index.faults()).toMatchObject([{ kind: 'matches-empty', dropped: false }]);
    expect(matchIntents(index, 'please xx')).toMatchObject([{ matchedText: 'please xx' }]);
  });

  test.each(['show me the logs', 'v1.2', 'is it up!', 'a-b/c', 'x'.repeat(512), '😀'.repeat(512), 'pods?'])(
    'nothing is wrong with %.30j',
    (pattern) => {
      expect(faultsOf(pattern)).toEqual([]);
    },
  );

  test('an agent has a thousand intents, its default ones first; the rest is left out and counted', () => {
    const many = Array.from({ length: MAX_INTENTS_PER_AGENT }, (_, i) => `phrase ${i}`);
    const index = createIntentIndex([agent('a', { go: many }, ['first', 'second'])]);
    expect(index.size).toBe(MAX_INTENTS_PER_AGENT);
    expect(index.faults()).toMatchObject([{ kind: 'too-many', pattern: undefined, dropped: true }]);
    expect(index.faults()[0]?.message).toContain(
      'has 1002 intents, and at most 1000 are allowed; the last 2 ',
    );
    expect(matchIntents(index, 'first')).toHaveLength(1);
    expect(matchIntents(index, 'phrase 997')[0]).toMatchObject({ pattern: 'phrase 997' });
    expect(matchIntents(index, 'phrase 998')[0]).toMatchObject({ pattern: 'phrase 99' });
  });

  test('patterns that are huge together are left out, the refused ones counted too', () => {
    const large = Array.from({ length: 400 }, (_, i) => `[ab]{${i + 500}}`);
    const index = createIntentIndex([agent('a', { go: [...large, 'logs'] })]);
    expect(index.faults().at(-1)).toMatchObject({ kind: 'too-many', dropped: true });
    expect(index.size).toBeLessThan(200);
    const monster = createIntentIndex([agent('a', { go: [`(?:${'\\pL'.repeat(160)}){1000}`, 'logs'] })]);
    expect(monster.faults().map(({ kind }) => kind)).toEqual(['too-large', 'too-many']);
  });
});

describe('agents come and go', () => {
  const a = agent('a', { go: ['restart', 'restart (pod|node)s?'] });
  const b = agent('b', { go: ['restart the pod', '(broken'] }, ['pod']);
  const look = (index: ReturnType<typeof createIntentIndex>) => ({
    size: index.size,
    faults: index.faults(),
    candidates: matchIntents(index, 'restart the pod, restart pods'),
    overlaps: listOverlaps(index),
    conflicts: listRoutingConflicts(index),
    unrouted: listUnroutedActions(index),
  });

  test('a removed agent leaves nothing behind', () => {
    const index = createIntentIndex([a, b]);
    expect(index.remove('b')).toBe(true);
    expect(index.remove('b')).toBe(false);
    expect(look(index)).toEqual(look(createIntentIndex([a])));
    index.remove('a');
    expect(look(index)).toEqual(look(createIntentIndex()));
  });

  test('registering again replaces everything the agent had', () => {
    const index = createIntentIndex([agent('a', { old: ['pod', 'restart (pod|node)s?'], go: [] }), b]);
    index.add(a);
    expect(look(index)).toEqual(look(createIntentIndex([b, a])));
    index.add(a);
    expect(look(index)).toEqual(look(createIntentIndex([b, a])));
  });

  test('the same name in two tenants is two agents', () => {
    const index = createIntentIndex([{ ...a, tenantId: 't1' }, { ...a, tenantId: 't2' }, a]);
    expect(index.size).toBe(6);
    expect(index.remove('a', 't1')).toBe(true);
    expect(index.size).toBe(4);
    expect(index.remove('a')).toBe(true);
    expect(matchIntents(index, 'restart').map(({ tenantId }) => tenantId)).toEqual(['t2']);
  });
});

describe('names and intents are data', () => {
  const hostile = ['__proto__', 'constructor', 'toString', '"],["', '\u001b[2J', '\u202Eevil', '\u0000', ''];

  test.each(hostile)('%j as agent, action and phrase', (name) => {
    const phrase = name.replaceAll('[', '').replaceAll(']', '');
    const index = createIntentIndex([agent(name, { [`${name}x`]: [phrase] }), agent('b', { go: ['zzz'] })]);
    const expected = phrase === '' ? [] : [phrase];
    expect(matchIntents(index, `say ${phrase} now`).map(({ pattern }) => pattern)).toEqual(expected);
    expect(index.remove(name)).toBe(true);
    expect(index.size).toBe(1);
  });

  test('escapes and line breaks of a name or pattern never reach a reason or fault as they are', () => {
    const name = 'a\u001b]52;c;x\u0007\n';
    const index = createIntentIndex([
      agent(name, { [name]: ['pods now', `(${name}`] }),
      agent('b', { go: ['pods'] }),
    ]);
    const texts = [
      ...matchIntents(index, 'pods now').map(({ reason }) => reason),
      ...index.faults().map(({ message }) => message),
    ];
    expect(texts).toHaveLength(3);
    expect(texts.filter((text) => /\p{Cc}/u.test(text))).toEqual([]);
  });
});
