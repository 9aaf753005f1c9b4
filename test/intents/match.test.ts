import { describe, expect, test } from 'vitest';
import {
  createIntentIndex,
  type IntentAgent,
  type IntentCandidate,
  matchIntents,
} from '../../src/intents/index.ts';
import { action, agent, validRouting, type Written } from './agents.ts';

function match(agents: readonly IntentAgent[], text: string, tenantId?: string): IntentCandidate[] {
  return matchIntents(createIntentIndex(agents), text, tenantId === undefined ? {} : { tenantId });
}
const only = (intents: readonly Written[], text: string) => match([agent('a', { go: intents })], text);
const brief = (list: readonly IntentCandidate[]) =>
  list.map((item) => `${item.agent}/${item.action}: ${item.outcome}: ${item.reason}`);

describe('what matches, and where', () => {
  // intent, text, the piece that matches, its start and length in characters, whole words
  test.each<[string, string, string, number, number, boolean]>([
    ['restart', 'Please RESTART it', 'RESTART', 7, 7, true],
    ['restart the pod', 'restart\n  the\tpod', 'restart\n  the\tpod', 0, 15, true],
    ['  Show   Logs ', 'show logs', 'show logs', 0, 9, true],
    ['log', 'the catalogue', 'log', 8, 3, false],
    ['log', 'a catalogue and a log', 'log', 18, 3, true],
    ['restart pod', 'restart pods', 'restart pod', 0, 11, false],
    ['v1.2', 'roll back to v1.2, please', 'v1.2', 13, 4, true],
    ['STRASSE', 'die strasse', 'strasse', 4, 7, true],
    ['ΟΔΟΣ', '😀 οδος', 'οδος', 2, 4, true],
    ['größe', '👩‍🚀 GRÖẞE zeigen'.replace('ẞ', 'ß'), 'GRÖßE', 4, 5, true],
    ['日志', '显示日志', '日志', 2, 2, false],
    ['😀 up', 'is 😀  up', '😀  up', 3, 4, true],
    ['restart (the )?pods?', 'now restart  the PODS', 'restart  the PODS', 4, 16, true],
    ['\\d+ errors', 'saw 😀 12 Errors', '12 Errors', 6, 9, true],
    ['^show', '  show me', 'show', 2, 4, true],
    ['pods$', 'show pods \n', 'pods', 5, 4, true],
    ['(?i)GET (?P<what>[[:alpha:]]+)', 'get logs', 'get logs', 0, 8, true],
    ['C\\+\\+ build', 'start the c++ build', 'c++ build', 10, 9, true],
  ])('%j in %j', (pattern, text, matchedText, start, length, wholeWords) => {
    expect(only([pattern], text)).toMatchObject([{ pattern, matchedText, start, length, wholeWords }]);
  });

  test.each<[string, string]>([
    ['restart', 'restore'],
    ['cafe', 'café'],
    ['i', 'ı'],
    ['v1.2', 'v1x2'],
    ['x*', 'aaa'],
    ['', 'anything'],
    ['(a+)+$', ''],
  ])('%j is not in %j', (pattern, text) => {
    expect(only([pattern], text)).toEqual([]);
  });

  test('half a surrogate pair is neither found in a pair nor an error', () => {
    expect(only(['\uD83D', 'x'], '😀 x')).toMatchObject([{ pattern: 'x' }]);
    expect(only(['a\uD83Db'], 'a\uDC00b')).toMatchObject([{ matchedText: 'a\uDC00b' }]);
  });

  test('the candidate says whether it is a phrase or a pattern, and what the action may do', () => {
    expect(only(['restart', 'restart.*'], 'restart it')).toMatchObject([
      { kind: 'pattern', pattern: 'restart.*', permission: 'READ', rank: 1 },
      { kind: 'phrase', pattern: 'restart', permission: 'READ', rank: 2 },
    ]);
  });
});

describe('who wins, and why', () => {
  test('nobody, when nothing matches', () => {
    expect(match([agent('a', { go: ['logs'] })], 'good morning')).toEqual([]);
  });

  test('the longest match, before any priority', () => {
    const agents = [agent('a', { go: [['restart', 9]] }), agent('b', { go: ['restart the pod'] })];
    expect(brief(match(agents, 'restart the pod'))).toEqual([
      'b/go: won: the longest match: 15 characters, "a"/"go" has 7',
      'a/go: lost: a shorter match: 7 characters, "b"/"go" has 15',
    ]);
  });

  test('a further blank makes no match longer', () => {
    const agents = [agent('a', { go: [['the pod', 1]] }), agent('b', { go: ['see the'] })];
    expect(match(agents, 'see   the pod')[0]).toMatchObject({ agent: 'a', length: 7 });
  });

  test('then priority, negative ones too', () => {
    const agents = [agent('a', { go: [['restart', -1]] }), agent('b', { go: ['Restart'] })];
    expect(brief(match(agents, 'restart'))).toEqual([
      'b/go: won: priority 0, "a"/"go" has -1 and matches as much',
      'a/go: lost: priority -1, "b"/"go" has 0 and matches as much',
    ]);
  });

  test('then whole words', () => {
    const agents = [agent('a', { go: ['log'] }), agent('b', { go: ['all'] })];
    expect(brief(match(agents, 'all catalogues'))).toEqual([
      'b/go: won: whole words, "a"/"go" matches as much but inside a word',
      'a/go: lost: it matches only inside a word, "b"/"go" matches as much in whole words',
    ]);
  });

  test('then name: agent, action, intent; default intents before actions', () => {
    const agents = [agent('b', { go: ['pods'] }), agent('a', { y: ['pods'], x: ['pods'] }, ['pods'])];
    expect(brief(match(agents, 'pods'))).toEqual([
      'a/undefined: won: first by name; "a"/"x" matches as much with the same priority',
      'a/x: lost: later by name than "a", which matches as much with the same priority',
      'a/y: lost: later by name than "a", which matches as much with the same priority',
      'b/go: lost: later by name than "a", which matches as much with the same priority',
    ]);
  });

  test('a second intent of the winner is no rival', () => {
    expect(brief(only(['pods', 'show pods'], 'show pods'))).toEqual([
      'a/go: won: nothing else matches',
      'a/go: lost: "a"/"go" won with "show pods"',
    ]);
  });

  test('a winner inside a word says so', () => {
    expect(brief(only(['log'], 'catalog'))).toEqual([
      'a/go: won: nothing else matches; it matches only inside a word',
    ]);
  });

  test('agents of other tenants are not asked', () => {
    const agents = [
      { ...agent('a', { go: ['pods'] }), tenantId: 't1' },
      { ...agent('a', { go: ['pods'] }), tenantId: 't2' },
    ];
    expect(match(agents, 'pods', 't2').map(({ tenantId, outcome }) => [tenantId, outcome])).toEqual([
      ['t2', 'won'],
    ]);
    expect(match(agents, 'pods')).toHaveLength(2);
    expect(match(agents, 'pods', 't3')).toEqual([]);
  });
});

describe('without valid routing semantics nothing is routed', () => {
  const { routing: _, ...absent } = action('old', 'go', ['restart the pod']);
  const old: IntentAgent = { agent: 'old', actions: [absent], defaultIntents: [{ pattern: 'the pod' }] };
  const broken: IntentAgent = {
    agent: 'broken',
    actions: [
      { ...absent, routing: validRouting({ acceptedIntentDomains: ['observe'] }), routingDeclared: true },
    ],
    defaultIntents: [],
  };

  test('absent ones, as agents on older SDKs have it', () => {
    expect(brief(match([old], 'restart the pod'))).toEqual([
      'old/go: not-routed: not routed: routing semantics are absent',
      'old/undefined: not-routed: not routed: no action of the agent is routed ("go": routing semantics are absent)',
    ]);
  });

  test('an unrouted match never wins, and says what it would have done', () => {
    const list = match([old, agent('b', { go: ['restart'] })], 'restart the pod');
    expect(brief(list)).toEqual([
      'b/go: won: nothing else matches',
      'old/go: not-routed: not routed: routing semantics are absent; else it would come before "b"/"go"',
      'old/undefined: not-routed: not routed: no action of the agent is routed ("go": routing semantics are absent)',
    ]);
    expect(list.map(({ rank, routed }) => [rank, routed])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
  });

  test('invalid ones, in the words of the platform', () => {
    expect(brief(match([broken], 'restart the pod'))).toEqual([
      'broken/go: not-routed: not routed: invalid routing semantics: accepted_intent_domains item "observe" is not namespaced',
    ]);
  });

  test('one routed action is enough for the default intents; none at all is not', () => {
    const mixed = { ...old, actions: [absent, action('old', 'other', [])] };
    expect(match([mixed], 'the pod')).toMatchObject([{ outcome: 'won', action: undefined }]);
    expect(brief(match([{ ...old, actions: [] }], 'the pod'))).toEqual([
      'old/undefined: not-routed: not routed: the agent has no action',
    ]);
  });
});
