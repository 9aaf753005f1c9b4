import { describe, expect, test } from 'vitest';
import {
  createIntentIndex,
  type IntentAgent,
  type IntentOverlap,
  listOverlaps,
  listRoutingConflicts,
  listUnroutedActions,
} from '../../src/intents/index.ts';
import { action, agent, validRouting } from './agents.ts';

function show({ kind, extent, scope, left, right, text, wholeWords }: IntentOverlap): string {
  const name = (ref: typeof left) => `${ref.agent}/${ref.action} ${ref.pattern}`;
  return [kind, extent, scope, name(left), name(right), text, wholeWords ? 'words' : 'inside'].join(' | ');
}
const overlapsOf = (agents: readonly IntentAgent[]) =>
  listOverlaps(createIntentIndex(agents)).overlaps.map(show);

describe('overlaps', () => {
  test.each<[string, readonly IntentAgent[], readonly string[]]>([
    ['none', [agent('a', { go: ['logs'] }), agent('b', { go: ['traces'] })], []],
    [
      'equal phrases but for case and blanks',
      [agent('a', { go: ['Show  logs'] }), agent('b', { go: ['show LOGS'] })],
      ['same | full | between-agents | a/go Show  logs | b/go show LOGS | show LOGS | words'],
    ],
    [
      'equal patterns',
      [agent('a', { go: ['logs?$'] }), agent('b', { go: ['logs?$'] })],
      ['same | full | between-agents | a/go logs?$ | b/go logs?$ | logs?$ | words'],
    ],
    [
      'a phrase in a phrase',
      [agent('a', { go: ['logs'] }), agent('b', { go: ['show logs'] })],
      ['phrase-in-phrase | partial | between-agents | a/go logs | b/go show logs | logs | words'],
    ],
    [
      'a phrase in a word of a phrase',
      [agent('a', { go: ['log'] }), agent('b', { go: ['catalogue'] })],
      ['phrase-in-phrase | partial | between-agents | a/go log | b/go catalogue | log | inside'],
    ],
    [
      'a pattern on all or a part of a phrase',
      [agent('a', { go: ['show \\w+', 'lo+gs'] }), agent('b', { go: ['show logs'] })],
      [
        'pattern-on-phrase | full | between-agents | a/go show \\w+ | b/go show logs | show logs | words',
        'pattern-on-phrase | partial | between-agents | a/go lo+gs | b/go show logs | logs | words',
      ],
    ],
    [
      'within one agent',
      [agent('a', { x: ['logs'], y: ['show logs'] }, ['show'])],
      [
        'phrase-in-phrase | partial | within-agent | a/x logs | a/y show logs | logs | words',
        'phrase-in-phrase | partial | within-agent | a/undefined show | a/y show logs | show | words',
      ],
    ],
    [
      'within one action only what is equal',
      [agent('a', { go: ['logs', 'show logs', 'LOGS'] })],
      ['same | full | within-agent | a/go logs | a/go LOGS | LOGS | words'],
    ],
    [
      'not across tenants',
      [
        { ...agent('a', { go: ['logs'] }), tenantId: 't1' },
        { ...agent('b', { go: ['logs'] }), tenantId: 't2' },
      ],
      [],
    ],
  ])('%s', (_, agents, expected) => {
    expect([...overlapsOf(agents)].sort()).toEqual([...expected].sort());
  });

  test('two thousand equal phrases end in a list that says it is not complete', () => {
    const crowd = Array.from({ length: 2_000 }, (_, i) => agent(`a${i}`, { go: ['show logs'] }));
    const report = listOverlaps(createIntentIndex(crowd));
    expect(report.complete).toBe(false);
    expect(report.overlaps).toHaveLength(10_000);
    expect(listOverlaps(createIntentIndex(crowd.slice(0, 20)))).toMatchObject({ complete: true });
  });

  test('patterns that would take minutes to try on every phrase end in a list that is not complete', () => {
    const patterns = Array.from({ length: 100 }, (_, i) => `[^${i % 10}]{${800 + i}}\\d`);
    const phrases = Array.from({ length: 1_000 }, (_, i) => `${i} ${'lorem ipsum '.repeat(40)}`);
    const index = createIntentIndex([agent('a', { go: patterns }), agent('b', { go: phrases })]);
    expect(listOverlaps(index).complete).toBe(false);
  });
});

describe('routing conflicts', () => {
  const declared = (name: string, id: string, change: Parameters<typeof validRouting>[0]): IntentAgent => ({
    agent: name,
    actions: [{ ...action(name, id, []), routing: validRouting(change), routingDeclared: true }],
    defaultIntents: [],
  });
  const conflictsOf = (...agents: readonly IntentAgent[]) =>
    listRoutingConflicts(createIntentIndex(agents)).map(
      ({ kind, value, actions }) =>
        `${kind} ${value}: ${actions.map((item) => `${item.agent}/${item.action}${item.derived ? ' (derived)' : ''}`).join(', ')}`,
    );

  test('derived semantics of agents with their own words do not clash', () => {
    expect(conflictsOf(agent('a', { x: [], y: [] }), agent('b', { x: [] }))).toEqual([]);
  });

  test('the same capability and use case of different agents, compared in the normal form', () => {
    expect(
      conflictsOf(
        declared('a', 'x', {
          capabilityDomain: 'Lab.Logs ',
          positiveUseCases: ['Fetch logs.', 'Only mine.'],
        }),
        declared('b', 'y', { capabilityDomain: 'lab.logs', positiveUseCases: ['fetch  LOGS.'] }),
        declared('c', 'z', { capabilityDomain: 'lab.traces', positiveUseCases: ['Fetch traces.'] }),
      ),
    ).toEqual(['same-capability lab.logs: a/x, b/y', 'same-use-case Fetch logs.: a/x, b/y']);
  });

  test('not within one agent, nor across tenants', () => {
    const one = declared('a', 'x', {});
    const [only] = one.actions;
    expect(conflictsOf({ ...one, actions: [only, only].flatMap((item) => item ?? []) })).toEqual([]);
    expect(conflictsOf({ ...one, tenantId: 't1' }, { ...declared('b', 'x', {}), tenantId: 't2' })).toEqual(
      [],
    );
  });

  test('derived semantics are marked', () => {
    const first = agent('a', { go: [] });
    const twin = { ...first, agent: 'b' };
    expect(conflictsOf(first, twin)[0]).toBe('same-capability a.observe.go: a/go (derived), b/go (derived)');
  });

  test('an action that asks for and refuses the same use case', () => {
    expect(
      conflictsOf(
        declared('a', 'x', { positiveUseCases: ['Fetch logs.'], negativeUseCases: ['fetch logs.'] }),
      ),
    ).toEqual(['contradiction Fetch logs.: a/x']);
  });

  test('actions without valid semantics are listed with their reason, and clash with nobody', () => {
    const { routing: _, ...absent } = action('old', 'go', []);
    const index = createIntentIndex([
      { agent: 'old', actions: [absent], defaultIntents: [] },
      declared('v2', 'x', { schemaVersion: 'v2' }),
      declared('v3', 'x', { schemaVersion: '' }),
      agent('good', { go: [] }),
    ]);
    expect(listUnroutedActions(index)).toEqual([
      { agent: 'old', tenantId: undefined, action: 'go', reason: 'routing semantics are absent' },
      {
        agent: 'v2',
        tenantId: undefined,
        action: 'x',
        reason: 'invalid routing semantics: unsupported routing schema_version "v2"',
      },
      {
        agent: 'v3',
        tenantId: undefined,
        action: 'x',
        reason: 'invalid routing semantics: routing schema_version is required',
      },
    ]);
    expect(listRoutingConflicts(index)).toEqual([]);
  });
});
