import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import type { WireClient } from '../../src/wire/index.ts';
import { type RawAnswer, type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { TENANT } from './support.ts';

/** An agent that answers each method as the test says; what is left out it answers well. */
export type HostileAnswers = Readonly<Record<string, () => RawAnswer | Promise<RawAnswer>>>;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** The Info of an agent that breaks no gate. */
export function infoOf(name: string, fields: object = {}): string {
  return JSON.stringify({
    name,
    version: '1.0.0',
    description: 'Wishes its engine ill',
    type: 1,
    permission: 1,
    devops_stages: [8],
    default_intents: [],
    actions: [{ id: 'act', description: 'Does nothing.', permission: 1, stages: [8], intents: [] }],
    ...fields,
  });
}

/** Serves such an agent; it ends with the test. */
export async function serveHostile(name: string, answers: HostileAnswers = {}): Promise<RawServer> {
  const good: HostileAnswers = {
    Info: () => ({ body: infoOf(name) }),
    GetSchema: () => ({ body: '{"actions":[]}' }),
    HealthCheck: () => ({ body: '{"healthy":true}' }),
    Execute: () => ({ body: '{"success":true,"result_json":"e30="}' }),
  };
  const server = await serveRaw(({ path }) => {
    const method = path.slice(path.lastIndexOf('/') + 1);
    return (answers[method] ?? good[method])?.() ?? { status: 12 };
  });
  closers.push(() => server.close());
  return server;
}

/** An agent whose answers to everything are 100 MiB long, sent as fast as they are taken. */
export async function serveHuge(): Promise<{ readonly address: string; readonly sentBytes: () => number }> {
  const HUGE = 100 * 1024 * 1024;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  const sessions = new Set<http2.ServerHttp2Session>();
  const server = http2.createServer();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.on('error', () => stream.destroy());
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+json' });
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(HUGE, 1);
    stream.write(prefix);
    const send = () => {
      while (!stream.destroyed && sent < HUGE) {
        sent += chunk.length;
        if (!stream.write(chunk)) return;
      }
    };
    stream.on('drain', send);
    send();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of sessions) session.destroy();
    await closed;
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sentBytes: () => sent };
}

/** Registers it, as a new process each time unless an instance is named. */
export function register(
  client: WireClient<'EngineService'>,
  name: string,
  address: string,
  instanceId: string = crypto.randomUUID(),
) {
  return client.call('RegisterPlugin', {
    name,
    version: '1.0.0',
    grpc_addr: address,
    plugin_type: 1,
    instance_id: instanceId,
    tenant_id: TENANT,
  });
}
