/** A fake engine and an HTTP client on nothing but TCP: it sends what no library would and repairs nothing it receives. */
import net from 'node:net';
import type { AgentView, InvokeRequest } from '../../src/control/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { IDLE_ENGINE } from '../support/idle-engine.ts';

export const AGENT: AgentView = {
  name: 'my_agent',
  version: '1.0.0',
  description: 'Reads items.',
  permission: 'READ',
  tenantId: 'd3f6c1de-0000-4000-8000-000000000001',
  health: 'healthy',
  stages: ['observe'],
  intents: [],
  promptTemplates: [],
  configParams: [],
  actions: [],
  instances: [],
};

export interface FakeEngine extends Engine {
  readonly invoked: InvokeRequest[];
}

/** An engine that answers every invoke with its params, or as the given function says. */
export function fakeEngine(invoke?: Engine['invoke']): FakeEngine {
  const invoked: InvokeRequest[] = [];
  return {
    ...IDLE_ENGINE,
    invoked,
    agents: () => [AGENT],
    invoke: async (request, options) => {
      invoked.push(request);
      if (invoke) return invoke(request, options);
      return {
        success: true,
        outcome: 'succeeded',
        resultJson: JSON.stringify(request.params),
        error: '',
        durationMs: 1,
        executionId: 'e-1',
      };
    },
  };
}

export interface RawReply {
  readonly status: number;
  /** By lower-case name; a header that came twice is joined by ', '. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Every byte received. */
  readonly text: string;
}

export const portOf = (url: string): number => Number(new URL(url).port);

/** Sends these bytes and reads until the server closes; status 0 when it closes without a word. */
export function sendRaw(port: number, request: string | Buffer): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.setTimeout(10_000, () => socket.destroy(new Error('No answer within 10 s')));
    // What came before a reset is an answer; a reset without one is the closing that some tests expect.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(parseReply(Buffer.concat(chunks).toString('utf8'))));
  });
}

function parseReply(text: string): RawReply {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [name = '', ...value] = line.split(': ');
    const earlier = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), [...(earlier ? [earlier] : []), value.join(': ')].join(', '));
  }
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers,
    body: end < 0 ? '' : text.slice(end + 4),
    text,
  };
}

/** The text of a request, its header lines as they stand and nothing added but the body's length and the connection's end. */
export function requestText(
  method: string,
  path: string,
  headers: readonly string[],
  body: string | null = null,
): string {
  const length = body === null ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${method} ${path} HTTP/1.1`, ...headers, ...length, 'Connection: close', '', body ?? ''].join(
    '\r\n',
  );
}
