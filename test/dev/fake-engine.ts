import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { SessionEngine } from '../../src/dev/index.ts';
import type { EngineEvent, Health, InstanceView, TimedEvent } from '../../src/engine/index.ts';

/** What the fixture agent says of itself. */
interface Hello {
  readonly port: number;
  readonly version: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
}

/** An engine that takes registrations as lines over TCP, so that a session sees real processes and a scripted engine. */
export interface FakeEngine extends SessionEngine {
  /** Every agent that ever said hello. */
  readonly hellos: readonly Hello[];
  /** How many agents were connected at the same time, at most. */
  readonly mostAtOnce: number;
  /** What the next probe of every agent says. */
  health: Health;
  /** Probes the newest agent. */
  probe(): void;
  emit(event: EngineEvent): void;
  stop(): Promise<void>;
}

export async function startFakeEngine(): Promise<FakeEngine> {
  const listeners = new Set<(event: TimedEvent) => void>();
  const hellos: Hello[] = [];
  const sockets = new Set<Socket>();
  let mostAtOnce = 0;

  const emit = (event: EngineEvent) => {
    for (const listener of listeners) listener({ ...event, seq: 0, atMs: 0 });
  };
  const probe = () => {
    const message = engine.health === 'healthy' ? 'ok' : 'backend down';
    const instanceId = `instance-${hellos.length}`;
    emit({ type: 'health', agent: 'demo', instanceId, health: engine.health, message, changed: true });
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    mostAtOnce = Math.max(mostAtOnce, sockets.size);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    createInterface({ input: socket }).once('line', (line) => {
      const hello: Hello = JSON.parse(line);
      hellos.push(hello);
      const address = `127.0.0.1:${hello.port}`;
      const instance: InstanceView = {
        instanceId: `instance-${hellos.length}`,
        pluginId: 'plugin',
        address,
        advertisedAddress: address,
        language: 'typescript',
        health: 'unknown',
        healthMessage: '',
      };
      emit({ type: 'registered', agent: 'demo', version: hello.version, instance, first: true });
      probe();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const engine: FakeEngine = {
    hellos,
    get mostAtOnce() {
      return mostAtOnce;
    },
    health: 'healthy',
    probe,
    emit,
    address: `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return engine;
}
