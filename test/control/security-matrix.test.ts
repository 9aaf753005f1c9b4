import { readFileSync } from 'node:fs';
import os from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ControlServer, startControl } from '../../src/control/index.ts';
import { type FakeEngine, fakeEngine, portOf, requestText, sendRaw } from './support.ts';

let engine: FakeEngine;
let server: ControlServer;
let port: number;

beforeAll(async () => {
  engine = fakeEngine();
  server = await startControl({ engine, version: '0.1.0' });
  port = portOf(server.url);
});
afterAll(() => server.close());

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const;
const TOKENS = ['none', 'wrong', 'right'] as const;
/** Paths that are read, and one that causes work; every one is tried in every cell. */
const PATHS = { reading: ['/api/engine', '/api/agents'], changing: ['/api/invoke'] } as const;
type Kind = keyof typeof PATHS;

/** One line of the fixture: the statuses of five methods with three tokens each. */
interface Row {
  readonly kind: Kind;
  readonly host: string;
  readonly origin: string;
  readonly site: string;
  readonly statuses: readonly (readonly number[])[];
}

function readRows(): Row[] {
  const text = readFileSync(new URL('../fixtures/control/security-matrix.txt', import.meta.url), 'utf8');
  let kind: Kind = 'reading';
  const rows: Row[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line === '[reading]' || line === '[changing]') {
      kind = line.slice(1, -1) as Kind;
      continue;
    }
    const [host = '', origin = '', site = '', ...cells] = line.split(/ +/);
    rows.push({ kind, host, origin, site, statuses: cells.map((cell) => cell.split('/').map(Number)) });
  }
  return rows;
}

/** The value of a header as the fixture writes it, with real ports; undefined sends none. */
function fill(text: string): string | undefined {
  if (text === 'none') return undefined;
  const other = port === 65_535 ? 1 : port + 1;
  return text.replace('<machine>', os.hostname()).replace(/:P$/, `:${port}`).replace(/:Q$/, `:${other}`);
}

interface Cell {
  readonly request: string;
  readonly name: string;
  readonly expected: number;
}

function* cells(rows: readonly Row[]): Generator<Cell> {
  for (const row of rows)
    for (const path of PATHS[row.kind])
      for (const [column, method] of METHODS.entries())
        for (const [at, token] of TOKENS.entries()) {
          const secret = token === 'right' ? server.token : '0'.repeat(64);
          const header = (name: string, value: string | undefined) =>
            value === undefined ? [] : [`${name}: ${value}`];
          const lines = [
            ...header('Host', fill(row.host)),
            ...header('Origin', fill(row.origin)),
            ...header('Sec-Fetch-Site', fill(row.site)),
            ...header('Authorization', token === 'none' ? undefined : `Bearer ${secret}`),
            ...header('Content-Type', method === 'POST' ? 'application/json' : undefined),
          ];
          const body = method === 'POST' ? '{"action":"get_item","params":{}}' : null;
          yield {
            request: requestText(method, path, lines, body),
            name: [method, path, row.host, row.origin, row.site, token].join(' | '),
            expected: row.statuses[column]?.[at] ?? 0,
          };
        }
}

it('answers every cell of Host x Origin x Sec-Fetch-Site x method x token with its status', async () => {
  const rows = readRows();
  expect(rows).toHaveLength(2 * 9 * 6 * 4);
  const all = [...cells(rows)];
  expect(all).toHaveLength(3 * 9 * 6 * 4 * 5 * 3);
  const faults: string[] = [];
  const counts = new Map<number, number>();
  const next = all.values();
  const work = async () => {
    for (const cell of next) {
      const reply = await sendRaw(port, cell.request);
      counts.set(reply.status, (counts.get(reply.status) ?? 0) + 1);
      if (reply.status !== cell.expected) faults.push(`${cell.name}: ${reply.status}, not ${cell.expected}`);
      if (reply.text.includes(server.token)) faults.push(`${cell.name}: the answer holds the token`);
      for (const name of reply.headers.keys())
        if (name.startsWith('access-control-')) faults.push(`${cell.name}: ${name}`);
      if (reply.headers.get('cache-control') !== 'no-store') faults.push(`${cell.name}: can be cached`);
      if (reply.headers.get('cross-origin-resource-policy') !== 'same-origin')
        faults.push(`${cell.name}: no resource policy`);
      if (reply.headers.get('x-content-type-options') !== 'nosniff') faults.push(`${cell.name}: sniffable`);
      if ((reply.status === 405) !== reply.headers.has('allow')) faults.push(`${cell.name}: Allow`);
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
  expect(faults).toEqual([]);
  // 3 good hosts x 2 good origins x 2 good sites, with 1 good token, on 3 paths.
  expect(counts.get(200)).toBe(36);
  expect(engine.invoked).toHaveLength(12);
}, 120_000);
