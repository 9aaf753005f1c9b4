import { metrics, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, type Plugin, type RunningAgent, startAgent } from '../../src/runtime/index.ts';
import { callRaw, type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';
import { readSeries, type Series } from './otlp-metrics.ts';

const EXPORT = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
const EXECUTE = '/mirastack.plugin.v1.PluginService/Execute';

let collector: RawServer;
let answer: (path: string) => Promise<{ body?: string; status?: number; message?: string }>;
let agent: RunningAgent | undefined;
let lines: string[];

beforeEach(async () => {
  lines = [];
  answer = async () => ({ body: '' });
  collector = await serveRaw(({ path }) => answer(path));
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  await collector.close();
});

async function start(plugin: Plugin, env: Record<string, string> = {}): Promise<RunningAgent> {
  agent = await startAgent(plugin, {
    env: {
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: '824a1531-d24a-549c-8003-23b0f2d206cd',
      MIRASTACK_OTEL_ENABLED: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
      ...env,
    },
    log: createLogger((line) => lines.push(line)),
  });
  return agent;
}

const execute = (actionId: string, fields: Record<string, unknown> = {}) =>
  callRaw({
    port: (agent as RunningAgent).port,
    path: EXECUTE,
    contentType: 'application/grpc+json',
    body: JSON.stringify({ execution_id: 'exec-1', action_id: actionId, ...fields }),
  });

const exports = () => collector.calls.filter(({ path }) => path === EXPORT);

/** Stops the agent and gives the last state that the collector heard of. */
async function stopAndCollect(): Promise<Series[]> {
  await agent?.stop();
  const last = exports().at(-1);
  return last === undefined ? [] : readSeries(last.body);
}

const byAction = (series: readonly Series[], metric: string) =>
  series
    .filter((item) => item.metric === metric)
    .map(({ attributes, count }) => [attributes['plugin.action'], attributes['plugin.success'], count])
    .sort();

const told = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('executions', () => {
  test('are counted and measured by action and success', async () => {
    await start(
      createSamplePlugin({
        execute: ({ actionId }) => {
          if (actionId === 'restart') throw new Error('boom');
          return { output: {} };
        },
      }),
    );
    for (const action of ['echo', 'echo', 'restart']) await execute(action);
    const series = await stopAndCollect();
    const expected = [
      ['echo', true, 2],
      ['restart', false, 1],
    ];
    expect(byAction(series, 'plugin.executions')).toEqual(expected);
    expect(byAction(series, 'plugin.execution.duration')).toEqual(expected);
    const [counter] = series.filter(({ metric }) => metric === 'plugin.executions');
    expect(counter).toMatchObject({
      kind: 'counter',
      unit: '{execution}',
      scope: 'create-mirastack-agent',
      resource: { 'service.name': 'my_agent', 'mirastack.component_kind': 'agent' },
    });
    expect(series.find(({ metric }) => metric === 'plugin.execution.duration')).toMatchObject({
      kind: 'histogram',
      unit: 's',
      bounds: expect.arrayContaining([0.005, 1, 300]),
    });
  });

  test('are measured in seconds', async () => {
    let tookMs = 0;
    await start(
      createSamplePlugin({
        execute: async () => {
          const startedAt = performance.now();
          await new Promise((resolve) => setTimeout(resolve, 60));
          tookMs = performance.now() - startedAt;
          return { output: {} };
        },
      }),
    );
    const startedAt = performance.now();
    await execute('echo');
    const outerMs = performance.now() - startedAt;
    const duration = (await stopAndCollect()).find(({ metric }) => metric === 'plugin.execution.duration');
    expect(duration?.total).toBeGreaterThanOrEqual(tookMs / 1_000);
    expect(duration?.total).toBeLessThanOrEqual(outerMs / 1_000);
  });

  test('of actions that nobody declared share one name, whatever callers invent', async () => {
    await start(createSamplePlugin());
    for (let index = 0; index < 20; index++) await execute(`invented-${index}`);
    await execute('echo', { params_json: Buffer.from('[1]').toString('base64') });
    const series = await stopAndCollect();
    expect(byAction(series, 'plugin.executions')).toEqual([['_OTHER', false, 21]]);
    expect(JSON.stringify(series)).not.toContain('invented');
  });

  test('of an action that Info declares later have its name', async () => {
    const plugin = createSamplePlugin();
    const { actions, ...info } = await plugin.info();
    let declared: typeof actions = actions.slice(0, 1);
    await start({ ...plugin, info: () => ({ ...info, actions: declared }) });
    declared = actions;
    await callRaw({
      port: (agent as RunningAgent).port,
      path: '/mirastack.plugin.v1.PluginService/Info',
      contentType: 'application/grpc+json',
      body: '{}',
    });
    await execute('restart');
    expect(byAction(await stopAndCollect(), 'plugin.executions')).toEqual([['restart', true, 1]]);
  });

  test('that end while the agent stops are sent too', async () => {
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    await start(
      createSamplePlugin({
        execute: async () => {
          begun();
          await finished;
          return { output: {} };
        },
      }),
    );
    const reply = execute('echo');
    await running;
    const stopped = (agent as RunningAgent).stop();
    finish();
    await Promise.all([reply, stopped]);
    expect(byAction(await stopAndCollect(), 'plugin.executions')).toEqual([['echo', true, 1]]);
  });
});

test('they are sent at the interval that was asked for, without an end', async () => {
  await start(createSamplePlugin(), { MIRASTACK_OTEL_METRIC_EXPORT_INTERVAL: '50ms' });
  await execute('echo');
  await expect.poll(() => exports().length, { timeout: 10_000 }).toBeGreaterThan(1);
});

test('a bad interval is told in one line, and measuring goes on', async () => {
  await start(createSamplePlugin(), { MIRASTACK_OTEL_METRIC_EXPORT_INTERVAL: 'often' });
  await execute('echo');
  expect(byAction(await stopAndCollect(), 'plugin.executions')).toEqual([['echo', true, 1]]);
  expect(told().filter(({ level }) => level === 'warn')).toMatchObject([{ value: 'often', used_ms: 60_000 }]);
});

test('traces and metrics may go to different collectors', async () => {
  const other = await serveRaw(() => ({ body: '' }));
  await start(createSamplePlugin(), {
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `127.0.0.1:${other.port}`,
    OTEL_EXPORTER_OTLP_METRICS_INSECURE: 'true',
  });
  await execute('echo');
  await agent?.stop();
  await other.close();
  expect(exports()).toEqual([]);
  expect(collector.calls.length).toBeGreaterThan(0);
  expect(new Set(other.calls.map(({ path }) => path))).toEqual(new Set([EXPORT]));
});

describe("instruments of the agent's own code", () => {
  test('join in, and the process is as it was afterwards', async () => {
    await start(
      createSamplePlugin({
        execute: () => {
          metrics.getMeter('mine').createCounter('backend.requests').add(3, { kind: 'read' });
          return { output: {} };
        },
      }),
    );
    await execute('echo');
    const series = await stopAndCollect();
    expect(series.find(({ metric }) => metric === 'backend.requests')).toMatchObject({
      scope: 'mine',
      attributes: { kind: 'read' },
      count: 3,
    });
    expect(metrics.setGlobalMeterProvider(metrics.getMeterProvider())).toBe(true);
    metrics.disable();
  });

  test('stay where the process has put them', async () => {
    const own = { getMeter: metrics.getMeterProvider().getMeter };
    metrics.setGlobalMeterProvider(own);
    await start(createSamplePlugin());
    await execute('echo');
    expect(byAction(await stopAndCollect(), 'plugin.executions')).toEqual([['echo', true, 1]]);
    expect(metrics.getMeterProvider()).toBe(own);
    metrics.disable();
  });
});

describe('a collector', () => {
  test('that takes no metrics is told of once, and gets its traces', async () => {
    answer = async (path) => (path === EXPORT ? { status: 12, message: 'unknown service' } : { body: '' });
    await start(createSamplePlugin(), { MIRASTACK_OTEL_METRIC_EXPORT_INTERVAL: '50ms' });
    await execute('echo');
    await expect.poll(() => exports().length, { timeout: 10_000 }).toBeGreaterThan(2);
    await agent?.stop();
    const complaints = told().filter(({ message }) => String(message).includes('does not reach'));
    expect(complaints).toMatchObject([{ signal: 'metrics' }]);
    expect(collector.calls.some(({ path }) => path.includes('TraceService'))).toBe(true);
  });

  test('whose address cannot be one costs the metrics, not the traces', async () => {
    await start(createSamplePlugin(), { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://[' });
    expect(await execute('echo')).toMatchObject({ status: 0 });
    await agent?.stop();
    expect(told().filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'metrics cannot start; traces go on without them' },
    ]);
    expect(collector.calls.some(({ path }) => path.includes('TraceService'))).toBe(true);
  });
});

describe('an agent that cannot start leaves nothing behind', () => {
  /** The API's own provider answers with spans that are nothing. */
  const isTracing = () => trace.getTracer('probe').startSpan('probe').isRecording();
  const isMeasuring = () => metrics.getMeterProvider().constructor.name !== 'NoopMeterProvider';

  test('where its port is taken', async () => {
    const taken = `127.0.0.1:${collector.port}`;
    await expect(start(createSamplePlugin(), { MIRASTACK_PLUGIN_ADDR: taken })).rejects.toThrow('EADDRINUSE');
    expect([isTracing(), isMeasuring()]).toEqual([false, false]);
  });

  test('where the plugin throws once the port is open', async () => {
    const plugin = createSamplePlugin();
    const throwing = { ...plugin, setEngineClient: () => Promise.reject(new Error('no backend')) as never };
    await expect(start(throwing)).rejects.toThrow('setEngineClient() of the plugin failed: no backend');
    expect([isTracing(), isMeasuring()]).toEqual([false, false]);
    await start(createSamplePlugin());
    expect([isTracing(), isMeasuring()]).toEqual([true, true]);
  });
});
