import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, type Plugin, type RunningAgent, Secret, startAgent } from '../../src/runtime/index.ts';
import { callRaw, type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';

const METRICS_EXPORT = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const EXECUTE = '/mirastack.plugin.v1.PluginService/Execute';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;

let collector: RawServer;
let engine: RawServer;
let agent: RunningAgent | undefined;
let lines: string[];

beforeEach(async () => {
  lines = [];
  collector = await serveRaw(() => ({ body: '' }));
  engine = await serveRaw(({ path }) => ({
    body: path.endsWith('CallPlugin')
      ? '{"success":true,"result_json":"e30=","error":"","duration_ms":1}'
      : '{"success":true,"plugin_id":"p","config":{}}',
  }));
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  await Promise.all([collector.close(), engine.close()]);
});

async function start(execute: Plugin['execute'], env: Record<string, string> = {}): Promise<void> {
  agent = await startAgent(createSamplePlugin({ execute }), {
    env: {
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: '824a1531-d24a-549c-8003-23b0f2d206cd',
      MIRASTACK_ENGINE_ADDR: `127.0.0.1:${engine.port}`,
      MIRASTACK_OTEL_ENABLED: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
      ...env,
    },
    log: createLogger((line) => lines.push(line)),
  });
}

const execute = (headers: Record<string, string> = {}, fields: Record<string, unknown> = {}) =>
  callRaw({
    port: (agent as RunningAgent).port,
    path: EXECUTE,
    contentType: 'application/grpc+json',
    headers,
    body: JSON.stringify({ execution_id: 'exec-77', action_id: 'echo', ...fields }),
  });

/** Stops the agent and gives every span the collector received, one character a byte. */
async function stopAndCollect(): Promise<string> {
  await agent?.stop();
  expect(new Set(collector.calls.map(({ path }) => path))).toEqual(new Set([EXPORT, METRICS_EXPORT]));
  const spans = collector.calls.filter(({ path }) => path === EXPORT);
  return Buffer.concat(spans.map(({ body }) => body)).toString('latin1');
}

const rawId = (hex: string) => Buffer.from(hex, 'hex').toString('latin1');
/** A bool attribute of OTLP: its key, then an AnyValue of two bytes. */
const flag = (key: string, value: boolean) => `${key}\x12\x02\x10${value ? '\x01' : '\x00'}`;
/** A string attribute of OTLP. */
const attribute = (key: string, value: string) =>
  `${key}\x12${String.fromCharCode(value.length + 2)}\x0a${String.fromCharCode(value.length)}${value}`;
const engineCalls = (method: string) => engine.calls.filter(({ path }) => path.endsWith(`/${method}`));
const messages = () => lines.map((line) => (JSON.parse(line) as { message: string }).message);

describe('a span for each execution', () => {
  test('has the attributes of the SDKs, its parent is the caller, and calls made inside belong to it', async () => {
    await start(async ({ engineClient }) => {
      await sleep(1);
      await engineClient.getConfig();
      await Promise.resolve().then(() => engineClient.callPlugin('other', {}));
      return { output: {} };
    });
    expect(await execute({ traceparent: TRACEPARENT, tracestate: 'vendor=7' })).toMatchObject({ status: 0 });
    const spans = await stopAndCollect();
    expect(spans).toContain('plugin.execute');
    expect(spans).toContain(attribute('plugin.action', 'echo'));
    expect(spans).toContain(attribute('plugin.execution_id', 'exec-77'));
    expect(spans).toContain(flag('plugin.success', true));
    expect(spans).toContain(attribute('mirastack.component_kind', 'agent'));
    expect(spans).toContain(attribute('service.name', 'my_agent'));
    expect(spans).toContain(attribute('service.version', '1.0.0'));
    expect(spans).toContain(`\x0a\x10${rawId(TRACE_ID)}`);
    expect(spans).toContain(`\x22\x08${rawId(PARENT_ID)}`);

    for (const method of ['GetConfig', 'CallPlugin']) {
      const [call] = engineCalls(method);
      const [, traceId, spanId, flags] = String(call?.headers.traceparent).split('-');
      expect([traceId, flags, call?.headers.tracestate]).toEqual([TRACE_ID, '01', 'vendor=7']);
      expect(spanId).not.toBe(PARENT_ID);
      expect(spans).toContain(`\x12\x08${rawId(String(spanId))}`);
    }
    expect(engineCalls('RegisterPlugin')[0]?.headers.traceparent).toBeUndefined();
    expect(engineCalls('DeregisterPlugin')[0]?.headers.traceparent).toBeUndefined();
  });

  test('a failed step and a refused call are errors', async () => {
    await start(() => Promise.reject(new Error('boom')));
    expect(await execute()).toMatchObject({ status: 0 });
    expect(await execute({}, { action_id: 'nope' })).toMatchObject({ status: 5 });
    const spans = await stopAndCollect();
    expect(spans).toContain(flag('plugin.success', false));
    expect(spans).not.toContain(flag('plugin.success', true));
    expect(spans).toContain('\x12\x04boom\x18\x02');
    expect(spans).toContain(attribute('plugin.action', 'nope'));
    expect(spans).toContain('this agent offers echo, restart\x18\x02');
  });

  test('the error of a failed one holds no secret', async () => {
    const secret = new Secret('S3CR3T-of-a-span');
    await start(() => Promise.reject(new Error(`401 for ${secret.reveal()}`)));
    await execute();
    const spans = await stopAndCollect();
    expect(spans).toContain('401 for ***');
    expect(spans).not.toContain('S3CR3T');
  });

  test('executions at the same time keep their traces apart', async () => {
    await start(async ({ engineClient, params }) => {
      await sleep(Number(params.wait));
      await engineClient.callPlugin('other', { mark: params.mark as string });
      return { output: {} };
    });
    const ids = ['1', '2', '3', '4'].map((digit) => digit.repeat(32));
    await Promise.all(
      ids.map((id, index) =>
        execute(
          { traceparent: `00-${id}-${PARENT_ID}-01` },
          {
            params_json: Buffer.from(JSON.stringify({ wait: String(40 - 10 * index), mark: id })).toString(
              'base64',
            ),
          },
        ),
      ),
    );
    const seen = engineCalls('CallPlugin').map(({ headers, body }) => {
      const request = JSON.parse(body.toString()) as { params_json: string };
      const { mark } = JSON.parse(Buffer.from(request.params_json, 'base64').toString()) as { mark: string };
      return [String(headers.traceparent).split('-')[1], mark];
    });
    expect(seen.sort()).toEqual(ids.map((id) => [id, id]));
  });

  test("spans of the agent's own code join in", async () => {
    await start(() =>
      trace.getTracer('mine').startActiveSpan('fetch.backend', (span) => {
        span.end();
        return { output: {} };
      }),
    );
    await execute({ traceparent: TRACEPARENT });
    expect(await stopAndCollect()).toContain('fetch.backend');
  });

  test('a broken traceparent starts a trace of its own', async () => {
    await start(() => ({ output: {} }));
    expect(await execute({ traceparent: '00-zz-00-01' })).toMatchObject({ status: 0 });
    expect(await stopAndCollect()).toContain('plugin.execute');
  });

  test('sampling keeps a share of the traces that begin here, and follows the others', async () => {
    await start(() => ({ output: {} }), { OTEL_TRACES_SAMPLER_ARG: '0' });
    await execute({}, { execution_id: 'exec-own' });
    await execute({ traceparent: `00-${TRACE_ID}-${PARENT_ID}-00` }, { execution_id: 'exec-unsampled' });
    await execute({ traceparent: TRACEPARENT }, { execution_id: 'exec-sampled' });
    const spans = await stopAndCollect();
    expect(spans).toContain('exec-sampled');
    expect(spans).not.toMatch(/exec-(own|unsampled)/);
  });

  test('an execution that ends while the agent stops is sent too', async () => {
    await start(async () => {
      await sleep(300);
      return { output: {} };
    });
    const reply = execute();
    await sleep(100);
    const spans = await stopAndCollect();
    expect(await reply).toMatchObject({ status: 0 });
    expect(spans).toContain(flag('plugin.success', true));
  });
});

describe('a collector that is not there', () => {
  test('does not hold the end for more than 5 s where it never answers', async () => {
    const silent = await serveRaw(() => new Promise(() => undefined));
    await start(() => ({ output: {} }), {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${silent.port}`,
    });
    await execute();
    const startedAt = performance.now();
    await agent?.stop();
    const elapsed = performance.now() - startedAt;
    await silent.close();
    expect(elapsed).toBeGreaterThan(4_000);
    expect(elapsed).toBeLessThan(6_500);
  }, 10_000);

  test('is an address that cannot be one: the agent serves without', async () => {
    await start(() => ({ output: {} }), { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://[' });
    expect(await execute()).toMatchObject({ status: 0 });
    expect(messages()).toContain('telemetry is enabled, but cannot start; the agent serves without it');
  });

  test('refuses the connection: one line for each signal, however often', async () => {
    const { port } = collector;
    await collector.close();
    await start(() => ({ output: {} }), { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    await execute();
    await agent?.stop();
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      told.filter(({ message }) => String(message).includes('does not reach')).map(({ signal }) => signal),
    ).toEqual(expect.toSatisfy((signals: string[]) => signals.sort().join() === 'metrics,traces'));
  }, 15_000);
});

test('off, it sends nothing and adds no header', async () => {
  await start(
    async ({ engineClient }) => {
      await engineClient.getConfig();
      return { output: {} };
    },
    { MIRASTACK_OTEL_ENABLED: '' },
  );
  await execute({ traceparent: TRACEPARENT });
  await agent?.stop();
  expect(collector.calls).toEqual([]);
  expect(engineCalls('GetConfig')[0]?.headers.traceparent).toBeUndefined();
  expect(messages().filter((message) => message.includes('telemetry'))).toEqual([]);
});
