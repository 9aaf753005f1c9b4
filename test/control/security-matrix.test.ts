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

/** A value of one header, and whether a request that carries it may pass; null sends none. */
interface Sample {
  readonly value: string | null;
  readonly passes: boolean;
}
const good = (value: string | null): Sample => ({ value, passes: true });
const bad = (value: string | null): Sample => ({ value, passes: false });

const otherPort = () => (port === 65_535 ? 1 : port + 1);
const NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const hosts = (): Sample[] => [
  ...NAMES.map((name) => good(`${name}:${port}`)),
  ...NAMES.map((name) => bad(`${name}:${otherPort()}`)),
  bad(`evil.test:${port}`),
  bad(`${os.hostname()}:${port}`),
  bad(null),
];
const origins = (): Sample[] => [
  good(null),
  good(`http://127.0.0.1:${port}`),
  bad(`http://127.0.0.1:${otherPort()}`),
  bad('http://evil.test'),
  bad('null'),
  bad(`https://127.0.0.1:${port}`),
];
const SITES = [good(null), good('same-origin'), bad('same-site'), bad('cross-site')];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'];
const tokens = (): Sample[] => [bad(null), bad(`Bearer ${'0'.repeat(64)}`), good(`Bearer ${server.token}`)];
const PATHS = [
  { path: '/api/engine', method: 'GET' },
  { path: '/api/agents', method: 'GET' },
  { path: '/api/invoke', method: 'POST' },
];

interface Cell {
  readonly request: string;
  readonly name: string;
  readonly expected: number;
  readonly ownToken: boolean;
}

/** The statuses once more, in the words of the documentation and apart from the code under test. */
function expectedStatus(host: Sample, origin: Sample, site: Sample, known: boolean, token: Sample): number {
  if (!host.passes) return 421;
  if (!origin.passes || !site.passes) return 403;
  if (!known) return 405;
  return token.passes ? 200 : 401;
}

function* cells(): Generator<Cell> {
  for (const { path, method: known } of PATHS)
    for (const host of hosts())
      for (const origin of origins())
        for (const site of SITES)
          for (const method of METHODS)
            for (const token of tokens()) {
              const lines = [
                host.value === null ? [] : [`Host: ${host.value}`],
                origin.value === null ? [] : [`Origin: ${origin.value}`],
                site.value === null ? [] : [`Sec-Fetch-Site: ${site.value}`],
                token.value === null ? [] : [`Authorization: ${token.value}`],
                method === 'POST' ? ['Content-Type: application/json'] : [],
              ].flat();
              const body = method === 'POST' ? '{"action":"get_item","params":{}}' : null;
              yield {
                request: requestText(method, path, lines, body),
                name: [method, path, ...lines].join(' | '),
                expected: expectedStatus(host, origin, site, method === known, token),
                ownToken: token.passes,
              };
            }
}

it('answers every cell of Host x Origin x Sec-Fetch-Site x method x token with its status', async () => {
  const all = [...cells()];
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
