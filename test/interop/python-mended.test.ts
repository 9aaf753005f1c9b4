import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Child, portLine, startChild } from '../support/child.ts';
import { buildGo } from '../support/go.ts';
import { callRaw, type RawCall, type RawReply, type RawServer, serveRaw } from '../support/raw-grpc.ts';
import { findGo, findPython, preparePythonSdk, ROOT } from '../support/tools.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const python = findPython();
const go = findGo();
const MEND = join(ROOT, 'blueprints/python/agent/files');
/** A blueprint holds no compiled files. */
const PYTHON_ENV = { PYTHONPATH: MEND, PYTHONDONTWRITEBYTECODE: '1' };
const LAB = join(ROOT, 'test/interop/python-mended');

const suite = describe.skipIf(python === undefined);
let interpreter: string;
beforeAll(() => {
  if (python !== undefined) interpreter = preparePythonSdk(python);
}, 300_000);

const children: Child[] = [];
const servers: RawServer[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop('SIGKILL')));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function launch(engineAddress: string, env: Record<string, string> = {}): Child {
  const child = startChild(interpreter, [join(LAB, 'agent.py')], {
    env: {
      ...PYTHON_ENV,
      MIRASTACK_ENGINE_ADDR: engineAddress,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: TENANT,
      MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '1',
      ...env,
    },
  });
  children.push(child);
  return child;
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const fromBase64 = (text: unknown) => Buffer.from(String(text), 'base64').toString('utf8');
const methodOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
type Message = Record<string, unknown>;
const messageOf = (call: RawCall) => JSON.parse(call.body.toString('utf8')) as Message;

/** The JSON in a result, undefined where there is none. */
function readResult(bytes: unknown): Message | undefined {
  try {
    return JSON.parse(fromBase64(bytes)) as Message;
  } catch {
    return undefined;
  }
}

/** Asks the agent as an engine would, and reads its answer. */
async function ask(port: number, method: string, request: unknown, contentType = 'application/grpc+json') {
  const path = `/mirastack.plugin.v1.PluginService/${method}`;
  // The port line comes before the SDK serves, so a refused connection is tried again.
  let reply: RawReply | undefined;
  await expect
    .poll(
      async () => {
        reply = await callRaw({ port, path, contentType, body: JSON.stringify(request) }).catch(
          () => undefined,
        );
        return reply?.status;
      },
      { timeout: 10_000 },
    )
    .toBeDefined();
  return { status: reply?.status, answer: JSON.parse(reply?.body?.toString('utf8') || 'null') as Message };
}

suite('the check of the mend (needs Python 3.12)', () => {
  const check = async (change: string) => {
    const { stdout } = await promisify(execFile)(interpreter, [join(LAB, 'check.py'), change], {
      env: { ...process.env, ...PYTHON_ENV, https_proxy: 'http://127.0.0.1:9', no_proxy: '' },
    });
    return JSON.parse(stdout) as unknown;
  };

  test('mends all of SDK 1.11.0', async () => {
    expect(await check('none')).toEqual({
      mended: ['served', 'called', 'health'],
      failing: [],
      servedKept: false,
      calledKept: false,
    });
  });

  test('steps aside for a fixed SDK', async () => {
    expect(await check('fixed')).toEqual({ mended: [], failing: [], servedKept: true, calledKept: true });
  });

  test('mends only the half that a half-fixed SDK has wrong', async () => {
    expect(await check('served')).toMatchObject({ mended: ['called', 'health'], failing: [] });
    expect(await check('called')).toMatchObject({ mended: ['served', 'health'], calledKept: true });
  });

  test('leaves an SDK alone that it does not know', async () => {
    expect(await check('foreign')).toEqual({
      mended: [],
      failing: ['served', 'called'],
      servedKept: true,
      calledKept: true,
    });
  });
});

suite('what a mended agent serves (needs Python 3.12)', () => {
  const params = (value: unknown) => base64(JSON.stringify(value));
  const run = async (port: number, request: Message) => {
    const { status, answer } = await ask(port, 'Execute', {
      execution_id: 'ex-1',
      step_id: 'st-1',
      action_id: 'echo',
      tenant_id: TENANT,
      execution_mode: 2,
      ...request,
    });
    expect(status).toBe(0);
    return {
      answer,
      result: readResult(answer.result_json),
    };
  };

  test.each(['application/grpc+json', 'application/grpc'])('describes itself to %s', async (contentType) => {
    const port = await launch('').line(portLine);
    const info = await ask(port, 'Info', {}, contentType);
    expect(info.answer).toMatchObject({ name: 'mended_lab', type: 1, permission: 1, devops_stages: [8] });
    const schema = await ask(port, 'GetSchema', {}, contentType);
    expect(schema.answer).toMatchObject({
      params_json_schema: base64('[]'),
      result_json_schema: base64('[]'),
    });
    for (const { answer } of [info, schema]) {
      const [echo] = answer.actions as Message[];
      expect(JSON.parse(fromBase64(echo?.input_params))).toEqual([
        { name: 'text', type: 'string', required: false, description: 'text' },
      ]);
    }
  });

  test('runs actions with everything that the engine sends', async () => {
    const port = await launch('').line(portLine);
    const timeRange = { start_epoch_ms: 1774973400123, end_epoch_ms: 1774977000123, timezone: 'UTC' };
    const { answer, result } = await run(port, {
      params_json: params({ text: 'é<&>' }),
      time_range: timeRange,
    });
    expect(result).toEqual({
      action: 'echo',
      mode: 'GUIDED',
      params: { text: 'é<&>' },
      tenant: TENANT,
      time_range: { ...timeRange, original_expression: '' },
      config: {},
    });
    expect(answer).toEqual({
      success: true,
      result_json: expect.any(String),
      error: '',
      duration_ms: expect.any(Number),
    });
    expect(Number.isInteger(answer.duration_ms)).toBe(true);
  });

  test('reads every mode', async () => {
    const port = await launch('').line(portLine);
    const modes = await Promise.all(
      [undefined, null, 0, 1, 2, 3].map(
        async (execution_mode) => (await run(port, { execution_mode })).result?.mode,
      ),
    );
    expect(modes).toEqual(['MANUAL', 'MANUAL', 'MANUAL', 'MANUAL', 'GUIDED', 'AUTONOMOUS']);
    expect((await run(port, { execution_mode: 9 })).answer).toMatchObject({ success: false });
  });

  test('reads params in every form, and hands on strings', async () => {
    const port = await launch('').line(portLine);
    const given = { text: 'x', n: 1.5, b: true, o: { a: 1 }, z: null };
    const texts = { text: 'x', n: '1.5', b: 'true', o: '{"a": 1}', z: '' };
    for (const params_json of [params(given), JSON.stringify(given), given])
      expect((await run(port, { params_json })).result?.params).toEqual(texts);
    for (const params_json of ['', null, params(null)])
      expect((await run(port, { params_json })).result?.params ?? {}).toEqual({});
    expect((await run(port, { params_json: params([1]) })).answer).toMatchObject({
      success: false,
      error: 'invalid params JSON: expected an object',
    });
  });

  test('turns an exception into a failed execution, and keeps bytes and silence about logs', async () => {
    const port = await launch('').line(portLine);
    expect((await run(port, { action_id: 'boom' })).answer).toEqual({
      success: false,
      result_json: null,
      error: 'it went wrong: é',
      duration_ms: expect.any(Number),
    });
    const { answer } = await run(port, { action_id: 'raw', params_json: params({ bytes: 'v\u0000ÿ' }) });
    expect(answer).toMatchObject({ success: true, result_json: 'dgD/' });
    expect(answer).not.toHaveProperty('logs');
  });

  test('takes configuration, refuses it, and says how it is', async () => {
    const port = await launch('', { MENDED_AGENT_UNHEALTHY: '1' }).line(portLine);
    const configure = async (url: string) =>
      (await ask(port, 'ConfigUpdated', { config: { url }, version: 4 })).answer;
    expect(await configure('http://y')).toEqual({ acknowledged: true, error: '' });
    expect((await run(port, {})).result?.config).toEqual({ url: 'http://y' });
    expect(await configure('reject')).toEqual({ acknowledged: false, error: 'this url is refused' });
    expect((await ask(port, 'HealthCheck', {})).answer).toEqual({
      healthy: false,
      message: 'the backend is away',
    });
    const healthy = await launch('').line(portLine);
    expect((await ask(healthy, 'HealthCheck', {})).answer).toEqual({ healthy: true, message: 'ok' });
  });

  test('answers grpc.health.v1', async () => {
    const port = await launch('').line(portLine);
    await ask(port, 'Info', {});
    const check = (service: string) =>
      callRaw({
        port,
        path: '/grpc.health.v1.Health/Check',
        contentType: 'application/grpc',
        body: Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]),
      });
    for (const service of ['', 'mirastack.plugin.v1.PluginService'])
      expect(await check(service)).toMatchObject({ status: 0, body: Buffer.from([8, 1]) });
    expect(await check('nobody')).toMatchObject({ status: 5 });
  });

  test('refuses a body that is no object', async () => {
    const port = await launch('').line(portLine);
    expect(await ask(port, 'Execute', [])).toMatchObject({ status: 13 });
  });
});

suite('what a mended agent calls (needs Python 3.12)', () => {
  /** An engine that keeps a cache; `write` is how it writes bytes to this agent. */
  async function serveEngine(write: (text: string) => string): Promise<RawServer> {
    const cache = new Map<unknown, unknown>();
    const entry = (key: unknown) => ({ key, value: cache.get(key) ?? null, found: cache.has(key) });
    const kpi = { id: 'k1', tenant_id: TENANT, name: 'Latency', created_at: 1, updated_at: 2 };
    const answers: Record<string, (request: Message) => unknown> = {
      RegisterPlugin: () => ({ success: true, plugin_id: 'plg_1' }),
      Heartbeat: () => ({ acknowledged: true }),
      DeregisterPlugin: () => ({ acknowledged: true }),
      GetConfig: () => ({ config: { url: 'http://x' }, version: 3 }),
      CacheSet: ({ key, value }) => {
        cache.set(key, value);
        return { success: true };
      },
      CacheGet: ({ key }) => entry(key),
      CacheGetBatch: ({ keys }) => ({ entries: (keys as unknown[]).map(entry) }),
      PublishResult: () => ({ acknowledged: true }),
      LogEvent: () => ({ acknowledged: true }),
      RequestApproval: () => ({ approved: true, timed_out: false, reviewer: 'r', comment: '' }),
      CallPlugin: ({ target_plugin }) =>
        target_plugin === 'failing'
          ? { success: false, result_json: null, error: 'no luck' }
          : { success: true, result_json: write('{"n":1.50,"s":"é"}'), duration_ms: 4 },
      ListKPIs: () => ({ kpis: [kpi] }),
      GetKPI: () => ({ kpi }),
    };
    const server = await serveRaw((call) => ({
      body: JSON.stringify(answers[methodOf(call.path)]?.(messageOf(call))),
    }));
    servers.push(server);
    return server;
  }

  const expectedAnswers = {
    config: { url: 'http://x' },
    hit: 'vé',
    word: 'test',
    miss: null,
    batch: [
      { key: 'lab:a', value: 'vé', found: true },
      { key: 'lab:none', value: '', found: false },
    ],
    published: null,
    approved: true,
    logged: null,
    called: { n: 1.5, s: 'é' },
    kpis: ['Latency'],
    kpi: 'Latency',
    failure: "Plugin 'failing' returned error: no luck",
  };

  test.each([
    ['base64, as a Go engine does', base64],
    ['plain text, as an engine may to Python', (text: string) => text],
  ])('understands an engine that writes bytes as %s', async (_, write) => {
    const engine = await serveEngine(write);
    const port = await launch(`127.0.0.1:${engine.port}`).line(portLine);
    const { answer } = await ask(port, 'Execute', {
      execution_id: 'ex-1',
      action_id: 'callbacks',
      execution_mode: 1,
    });
    expect(answer).toMatchObject({ success: true });
    expect(JSON.parse(fromBase64(answer.result_json))).toEqual(expectedAnswers);
  });

  test('writes what a Go agent writes, and says who it is on every call', async () => {
    const engine = await serveEngine(base64);
    const agent = launch(`127.0.0.1:${engine.port}`);
    const port = await agent.line(portLine);
    await ask(port, 'Execute', { execution_id: 'ex-1', action_id: 'callbacks', execution_mode: 1 });
    const calls = (method: string) => engine.calls.filter((call) => methodOf(call.path) === method);
    await expect.poll(() => calls('Heartbeat').length, { timeout: 10_000 }).toBeGreaterThan(0);
    const registered = messageOf(calls('RegisterPlugin')[0] as RawCall);
    expect((await ask(port, 'Info', {})).answer.instance_id).toBe(registered.instance_id);
    expect(await agent.stop()).toBe(0);

    expect(engine.calls.map((call) => call.headers['x-plugin-name'])).toEqual(
      engine.calls.map(() => 'mended_lab'),
    );
    const first = (method: string) => messageOf(calls(method)[0] as RawCall);
    expect(calls('CacheSet').map(messageOf)).toEqual([
      { key: 'lab:a', value: base64('vé'), ttl_seconds: 90, tenant_id: TENANT },
      { key: 'lab:b', value: base64('test'), ttl_seconds: 0, tenant_id: TENANT },
    ]);
    expect(fromBase64(first('PublishResult').result_json)).toBe('{"a": "b"}');
    expect(fromBase64(first('LogEvent').data_json)).toBe('{"k": "v"}');
    expect(first('RequestApproval')).toMatchObject({ required_permission: 2, context_json: base64('{}') });
    expect(JSON.parse(fromBase64(first('CallPlugin').params_json))).toEqual({ action: 'x', q: '1' });
    expect(first('DeregisterPlugin').instance_id).toBe(registered.instance_id);
  });
});

describe.skipIf(python === undefined || go === undefined)(
  'a mended agent and a Go engine on grpc-go alone (needs Python 3.12 and Go)',
  () => {
    interface GoEvent {
      readonly type: string;
      readonly method: string;
      readonly code: number;
      readonly reply: Message;
    }

    test('gives right answers from all five methods', async () => {
      const program = buildGo(go as string, 'go-engine');
      try {
        const engine = startChild(program, ['-params', '{"text":"é<"}', '-config', '{"url":"http://y"}']);
        children.push(engine);
        const address = await engine.line((line) => (JSON.parse(line) as { addr?: string }).addr);
        const port = await launch('').line(portLine);
        await ask(port, 'Info', {});
        // grpc-go refuses a call without the subtype, which the Python client cannot send, so it is registered from here.
        await callRaw({
          port: Number(address.slice(address.lastIndexOf(':') + 1)),
          path: '/mirastack.plugin.v1.EngineService/RegisterPlugin',
          contentType: 'application/grpc+json',
          body: JSON.stringify({
            name: 'mended_lab',
            version: '1.2.3',
            grpc_addr: `127.0.0.1:${port}`,
            plugin_type: 1,
            instance_id: 'i-1',
            tenant_id: TENANT,
          }),
        });
        const parse = (line: string) => JSON.parse(line) as GoEvent;
        await engine.line((line) => (parse(line).method === 'Execute' ? true : undefined));
        const calls = engine.stdout.map(parse).filter((event) => event.type === 'call');
        expect(calls.map(({ method, code }) => [method, code])).toEqual([
          ['Info', 0],
          ['GetSchema', 0],
          ['HealthCheck', 0],
          ['ConfigUpdated', 0],
          ['Execute', 0],
        ]);
        const [info, schema, health, config, execute] = calls.map(({ reply }) => reply);
        expect(info).toMatchObject({ name: 'mended_lab', type: 1, permission: 1, devops_stages: [8] });
        expect(schema?.actions).toMatchObject([
          { id: 'echo' },
          { id: 'boom' },
          { id: 'raw' },
          { id: 'callbacks' },
        ]);
        expect(health).toMatchObject({ healthy: true, message: 'ok' });
        expect(config).toMatchObject({ acknowledged: true });
        expect(JSON.parse(fromBase64(execute?.result_json))).toEqual({
          action: 'echo',
          mode: 'GUIDED',
          params: { text: 'é<', action: 'echo' },
          tenant: TENANT,
          time_range: {
            start_epoch_ms: 1774973400123,
            end_epoch_ms: 1774977000123,
            timezone: 'UTC',
            original_expression: 'last hour',
          },
          config: { url: 'http://y' },
        });
      } finally {
        rmSync(dirname(program), { recursive: true });
      }
    }, 300_000);
  },
);
