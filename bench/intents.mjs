// One sentence against 10,000 intents: our index, with a linear scan by V8's backtracking engine as the base. Then
// what an agent pays when it registers again, the list of overlaps, and patterns that are evil to other engines.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { EVIL_PATTERNS, evilTexts } from './lab/evil-patterns.mjs';
import { compare, machine, median, quantile } from './lab/rows.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 30);
const WARM_UP_ROUNDS = 5;
const AGENTS = 20;
const INTENTS_PER_AGENT = 500;

const BASE = 'linear scan, V8 regular expressions, no ranking';
const OURS = 'our index';

/** The room as the programs have it: bundled. */
async function loadIntents(folder) {
  const bundle = await rolldown({
    input: new URL('../src/intents/index.ts', import.meta.url).pathname,
    platform: 'node',
  });
  const file = join(folder, 'intents.mjs');
  await bundle.write({ format: 'esm', file });
  await bundle.close();
  return import(pathToFileURL(file).href);
}

const VERBS = [
  'show',
  'list',
  'restart',
  'scale',
  'why is',
  'describe',
  'roll back',
  'compare',
  'delete',
  'find',
];
const THINGS = [
  'error rate',
  'latency',
  'pods',
  'deployments',
  'cpu usage',
  'logs',
  'traces',
  'alerts',
  'builds',
  'disk',
];

/** Every intent differs by its service; `pattern` says which ones are patterns. */
function makeAgents(isPattern) {
  return Array.from({ length: AGENTS }, (_, agent) => ({
    agent: `agent_${agent}`,
    actions: [],
    defaultIntents: Array.from({ length: INTENTS_PER_AGENT }, (_, i) => {
      const n = agent * INTENTS_PER_AGENT + i;
      const verb = VERBS[n % 10];
      const thing = THINGS[Math.floor(n / 10) % 10];
      const pattern = isPattern(n)
        ? `\\b(?:${verb}|get) (?:the |all )?${thing} (?:of|for|in) service[- ]?${n}\\b`
        : `${verb} ${thing} of service-${n}`;
      return { pattern, priority: n % 7 };
    }),
  }));
}

const CELLS = {
  '10,000 phrases': () => false,
  '9,000 phrases, 1,000 patterns': (n) => n % 10 === 3,
  '10,000 patterns': () => true,
};

const SENTENCES = [
  'Please show error rate of service-1230 for the last hour and tell me what changed since yesterday',
  'restart the pods in service 4422',
  'good morning, is anything on fire today?',
];

function linearScan(agents, readsAsPattern) {
  const quote = (text) => text.replace(/[\\^$.|*+?()[\]{}]/g, '\\$&');
  const engines = agents.flatMap(({ defaultIntents }) =>
    defaultIntents.map(({ pattern }) => new RegExp(readsAsPattern(pattern) ? pattern : quote(pattern), 'i')),
  );
  return (sentence) => engines.filter((engine) => engine.test(sentence)).length;
}

function timeMs(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function matchRows(intents) {
  return Object.entries(CELLS).flatMap(([cell, isPattern]) => {
    const agents = makeAgents(isPattern);
    const index = intents.createIntentIndex(agents);
    const scan = linearScan(agents, intents.readsAsPattern);
    const subjects = {
      [BASE]: scan,
      [`${BASE} (A/A)`]: scan,
      [OURS]: (sentence) => intents.matchIntents(index, sentence),
    };
    const samples = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++)
      for (const [name, subject] of Object.entries(subjects)) {
        const ms = timeMs(() => SENTENCES.forEach((sentence) => void subject(sentence))) / SENTENCES.length;
        if (round >= 0) samples[name].push(ms);
      }
    return compare(samples, 'ms', (subject) => `${cell}, one sentence: ${subject}`);
  });
}

function row(subject, values) {
  const rounded = (value) => Number(value.toPrecision(4));
  return {
    subject,
    median: rounded(median(values)),
    p95: rounded(quantile(values, 0.95)),
    unit: 'ms',
    ratio: null,
  };
}

/** What does not match sentences: each as absolute time. */
function upkeepRows(intents) {
  const agents = makeAgents(CELLS['9,000 phrases, 1,000 patterns']);
  const index = intents.createIntentIndex(agents);
  const text = (pattern) => ({ pattern });
  const unfiltered = intents.createIntentIndex(
    Array.from({ length: 10 }, (_, agent) => ({
      agent: `agent_${agent}`,
      actions: [],
      defaultIntents: Array.from({ length: 1_000 }, (_, i) => text(`\\d{1,${(i % 9) + 2}}\\w? \\W`)),
    })),
  );
  const subjects = {
    '10,000 intents compiled, 1,000 patterns among them': () => intents.createIntentIndex(agents),
    'an agent of 500 intents registers again': () => index.add(agents[7]),
    'the overlaps of 10,000 intents': () => intents.listOverlaps(index),
    '10,000 patterns without a letter in them, one sentence': () =>
      intents.matchIntents(unfiltered, SENTENCES[0]),
  };
  const samples = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = -1; round < ROUNDS; round++)
    for (const [name, subject] of Object.entries(subjects)) {
      const ms = timeMs(subject);
      if (round >= 0) samples[name].push(ms);
    }
  return Object.entries(samples).map(([name, values]) => row(name, values));
}

/** Each pattern on each text of 100 KB; a pattern's sample of a round is its slowest text. */
function evilRows(intents) {
  const texts = evilTexts();
  const indexes = EVIL_PATTERNS.map((pattern) => ({
    pattern,
    index: intents.createIntentIndex([{ agent: 'evil', actions: [], defaultIntents: [{ pattern }] }]),
  }));
  const accepted = indexes.filter(({ index }) => index.size > 0);
  const samples = new Map(accepted.map(({ pattern }) => [pattern, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const { pattern, index } of accepted)
      samples
        .get(pattern)
        .push(Math.max(...texts.map((each) => timeMs(() => intents.matchIntents(index, each)))));
  const slowest = [...samples.entries()].sort(([, a], [, b]) => median(b) - median(a)).slice(0, 3);
  return [
    row('100 KB of text prepared and matched: a phrase alone', prepareSamples(intents, texts)),
    ...slowest.map(([pattern, values], place) =>
      row(
        `100 KB, evil pattern ${place + 1}. slowest of ${accepted.length}, its slowest text: ${pattern}`,
        values,
      ),
    ),
  ];
}

function prepareSamples(intents, texts) {
  const index = intents.createIntentIndex([
    { agent: 'a', actions: [], defaultIntents: [{ pattern: 'qqq' }] },
  ]);
  return Array.from({ length: ROUNDS }, () =>
    Math.max(...texts.map((text) => timeMs(() => intents.matchIntents(index, text)))),
  );
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'mirastack-bench-'));
  try {
    const intents = await loadIntents(folder);
    const rows = [...matchRows(intents), ...upkeepRows(intents), ...evilRows(intents)];
    return { bench: 'intents', n: ROUNDS, machine: machine(), rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
