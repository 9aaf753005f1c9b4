import net from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  apiSchemas,
  type ControlServer,
  connectControl,
  type EventGap,
  findFault,
  type ShownEvent,
  startControl,
} from '../../src/control/index.ts';
import type { Engine, TimedEvent } from '../../src/engine/index.ts';
import { type ControlLab, startControlLab } from '../support/control-lab.ts';
import { createLabPlugin } from '../support/lab-plugin.ts';
import { fakeEngine, portOf, requestText, sendRaw } from './support.ts';

type Shown = ShownEvent | EventGap;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use, buffers outside of the heap included. */
function usedMemory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** An engine whose events the test makes; it keeps the last 2,000, as the real one does. */
class ScriptedEvents {
  readonly listeners = new Set<(event: TimedEvent) => void>();
  kept: TimedEvent[] = [];
  #seq = 0;

  readonly engine: Engine = {
    ...fakeEngine(),
    subscribe: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
    eventsSince: (seq) => this.kept.filter((event) => event.seq > seq),
  };

  emit(message = 'x'): void {
    const event: TimedEvent = { type: 'warning', agent: 'a', message, seq: ++this.#seq, atMs: 1 };
    this.kept.push(event);
    if (this.kept.length >= 4_000) this.kept = this.kept.slice(-2_000);
    for (const listener of this.listeners) listener(event);
  }
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(
  stallMs?: number,
): Promise<{ readonly events: ScriptedEvents; readonly server: ControlServer }> {
  const events = new ScriptedEvents();
  const server = await startControl({
    engine: events.engine,
    version: '0.1.0',
    ...(stallMs === undefined ? {} : { stallMs }),
  });
  closers.push(() => server.close());
  return { events, server };
}

const connect = ({ url, token }: ControlServer) => connectControl({ controlUrl: url, token });

/** Follows in the background, until the test ends; `seen` fills up. */
function follow(server: ControlServer, since?: number) {
  const seen: Shown[] = [];
  const stop = new AbortController();
  const stream = connect(server).follow({ signal: stop.signal, ...(since === undefined ? {} : { since }) });
  const ended = (async () => {
    for await (const event of stream) seen.push(event);
  })().catch((error: unknown) => error);
  closers.push(async () => {
    stop.abort();
    await ended;
  });
  return { seen, stop, ended };
}

const numbers = (seen: readonly Shown[]) => seen.map((event) => ('seq' in event ? event.seq : 0));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a client that follows', () => {
  it('gets 10,000 events, none lost, none doubled, in order', async () => {
    const { events, server } = await start();
    const { seen } = follow(server);
    await vi.waitFor(() => expect(events.listeners.size).toBe(1));
    for (let batch = 0; batch < 100; batch++) {
      for (let index = 0; index < 100; index++) events.emit(`event ${batch} ${index}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(seen).toHaveLength(10_000), 20_000);
    expect(numbers(seen)).toEqual(range(1, 10_000));
    for (const event of seen.slice(0, 5))
      expect(findFault(apiSchemas(), { $ref: '#/components/schemas/Event' }, event)).toBeUndefined();
  });

  it('gets all of them, too, when they come in one burst', async () => {
    const { events, server } = await start();
    const { seen } = follow(server);
    await vi.waitFor(() => expect(events.listeners.size).toBe(1));
    for (let index = 0; index < 10_000; index++) events.emit('a message as long as one usually is');
    await vi.waitFor(() => expect(seen).toHaveLength(10_000), 20_000);
    expect(numbers(seen)).toEqual(range(1, 10_000));
  });

  it('begins now, or after the event it names', async () => {
    const { events, server } = await start();
    for (let index = 0; index < 5; index++) events.emit();
    const late = follow(server);
    await vi.waitFor(() => expect(events.listeners.size).toBe(1));
    const early = follow(server, 2);
    await vi.waitFor(() => expect(early.seen).toHaveLength(3));
    events.emit();
    await vi.waitFor(() => expect(numbers(late.seen)).toEqual([6]));
    await vi.waitFor(() => expect(numbers(early.seen)).toEqual([3, 4, 5, 6]));
  });

  it('is told which events are not kept any more', async () => {
    const { events, server } = await start();
    for (let index = 0; index < 4_100; index++) events.emit();
    const first = events.kept[0]?.seq ?? 0;
    const { seen } = follow(server, 7);
    await vi.waitFor(() => expect(seen).toHaveLength(events.kept.length + 1));
    expect(seen[0]).toEqual({ type: 'gap', missedFrom: 8, missedTo: first - 1 });
    expect(seen[1]).toMatchObject({ seq: first });
  });

  it('takes up a broken stream where it broke', async () => {
    const { events, server } = await start();
    const sockets: net.Socket[] = [];
    const relay = net.createServer((client) => {
      const upstream = net.connect(portOf(server.url), '127.0.0.1');
      sockets.push(client);
      // The Host must be the API's own, whatever port the relay has.
      client.on('data', (chunk) =>
        upstream.write(
          chunk.toString('latin1').replace(/Host: [^\r]*/i, `Host: 127.0.0.1:${portOf(server.url)}`),
        ),
      );
      upstream.pipe(client);
      for (const socket of [client, upstream]) socket.on('error', () => {});
      client.on('close', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      relay.close();
    });
    const { port } = relay.address() as net.AddressInfo;
    const { seen } = follow({ ...server, url: `http://127.0.0.1:${port}` });
    await vi.waitFor(() => expect(events.listeners.size).toBe(1));
    for (let index = 0; index < 10; index++) {
      events.emit();
      await vi.waitFor(() => expect(seen).toHaveLength(2 * index + 1));
      sockets.at(-1)?.resetAndDestroy();
      // Nobody listens now: what happens is to be had afterwards all the same.
      events.emit();
      await vi.waitFor(() => expect(seen).toHaveLength(2 * index + 2));
    }
    expect(numbers(seen)).toEqual(range(1, 20));
  });

  it('is told when the engine is gone', async () => {
    const { events, server } = await start();
    const { ended } = follow(server);
    await vi.waitFor(() => expect(events.listeners.size).toBe(1));
    await server.close();
    expect(await ended).toMatchObject({ kind: 'unreachable', code: 'engine-not-reachable' });
  });

  it('leaves nothing behind when it goes', async () => {
    const { events, server } = await start();
    const { stop, ended } = follow(server);
    await vi.waitFor(() => expect(events.listeners.size).toBe(1));
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await ended).toBe(reason);
    await vi.waitFor(() => expect(events.listeners.size).toBe(0));
  });
});

describe('a client that stops reading', () => {
  it('is dropped while others go on, and what waits for it stays bounded', async () => {
    const { events, server } = await start(200);
    const { seen } = follow(server);
    const deaf = net.connect(portOf(server.url), '127.0.0.1');
    deaf.on('error', () => {});
    deaf.write(
      requestText('GET', '/api/events/stream', [
        `Host: 127.0.0.1:${portOf(server.url)}`,
        `Authorization: Bearer ${server.token}`,
      ]),
    );
    // Only now and then: enough to see whether the connection still stands.
    await new Promise((resolve) => deaf.once('data', resolve));
    deaf.pause();
    const closed = new Promise((resolve) => deaf.once('close', resolve));
    const before = usedMemory();
    const message = 'x'.repeat(60 * 1024);
    let received = 0;
    // The other client reads on; for the deaf one 240 MiB would be waiting.
    for (let batch = 0; batch < 200; batch++) {
      for (let index = 0; index < 20; index++) events.emit(message);
      events.kept = [];
      await vi.waitFor(() => expect(seen).toHaveLength(20), { timeout: 10_000, interval: 1 });
      received += seen.splice(0).length;
    }
    expect(received).toBe(4_000);
    expect((usedMemory() - before) / 1024 / 1024).toBeLessThan(40);
    let late = 0;
    deaf.on('data', (chunk) => {
      late += chunk.length;
    });
    deaf.resume();
    await closed;
    // What the system had taken for it, and nothing of what waited here.
    expect(late / 1024 / 1024).toBeLessThan(16);
  }, 60_000);

  it('for a while gets the rest once it reads', async () => {
    const { events, server } = await start();
    const { seen } = follow(server);
    await vi.waitFor(() => expect(events.listeners.size).toBe(1));
    // 30 MiB in one turn of the loop: more than may wait for anybody.
    for (let index = 0; index < 500; index++) events.emit('x'.repeat(60 * 1024));
    await vi.waitFor(() => expect(numbers(seen)).toEqual(range(1, 500)), 10_000);
  });

  it('cannot be one of too many', async () => {
    const { events, server } = await start();
    const host = `Host: 127.0.0.1:${portOf(server.url)}`;
    const request = requestText('GET', '/api/events/stream', [host, `Authorization: Bearer ${server.token}`]);
    const sockets = Array.from({ length: 32 }, () => net.connect(portOf(server.url), '127.0.0.1'));
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise((resolve) =>
            socket
              .once('data', resolve)
              .on('error', () => {})
              .write(request),
          ),
      ),
    );
    expect((await sendRaw(portOf(server.url), request)).status).toBe(429);
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(() => expect(events.listeners.size).toBe(0));
  });
});

describe('the stream', () => {
  it('needs the token like every other path', async () => {
    const { events, server } = await start();
    const port = portOf(server.url);
    const host = `Host: 127.0.0.1:${port}`;
    const status = async (...lines: string[]) =>
      (await sendRaw(port, requestText('GET', '/api/events/stream', lines))).status;
    const auth = `Authorization: Bearer ${server.token}`;
    expect(await status(host)).toBe(401);
    expect(await status(host, auth, 'Origin: http://evil.test')).toBe(403);
    expect(await status(host, auth, 'Sec-Fetch-Site: cross-site')).toBe(403);
    expect(await status(`Host: evil.test:${port}`, auth)).toBe(421);
    expect(await status(host, auth, 'Last-Event-ID: x')).toBe(400);
    expect(await status(host, auth, 'Upgrade: websocket', 'Connection: Upgrade')).toBe(426);
    expect(events.listeners.size).toBe(0);
  });

  it('cuts long texts and says so', async () => {
    const { events, server } = await start();
    events.emit('y'.repeat(1024 * 1024));
    const [event] = (await connect(server).events()).events;
    expect(event).toMatchObject({ truncated: true, message: 'y'.repeat(4 * 1024) });
  });
});

describe('with a real engine', () => {
  let lab: ControlLab;
  afterEach(() => lab.stop());

  it('10,000 events arrive once and in order, and the memory stays flat', async () => {
    lab = await startControlLab();
    await lab.launch(createLabPlugin());
    const { seen } = follow(lab.server, 0);
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0));
    /** Changing the licence is an event of the engine's own. */
    const change = async (from: number, to: number) => {
      for (let number = from; number < to; number++) {
        lab.engine.setLicense({ active: true, effectiveTier: `tier ${number}` });
        if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const changes = () => seen.filter((event) => event.type === 'license').length;
    await change(0, 5_000);
    await vi.waitFor(() => expect(changes()).toBe(5_000), 20_000);
    const first = seen.splice(0).map((event) => JSON.stringify(event));
    const before = usedMemory();
    await change(5_000, 10_000);
    await vi.waitFor(() => expect(changes()).toBe(5_000), 20_000);
    // What the test itself holds of 5,000 more events is in it, too.
    expect((usedMemory() - before) / 1024 / 1024).toBeLessThan(10);
    const all = [...first.map((text) => JSON.parse(text) as Shown), ...seen.splice(0)];
    expect(numbers(all)).toEqual(range(1, all.length));
    const tiers = all.flatMap((event) => (event.type === 'license' ? [event.effectiveTier] : []));
    expect(tiers).toEqual(range(0, 9_999).map((number) => `tier ${number}`));
  }, 90_000);
});
