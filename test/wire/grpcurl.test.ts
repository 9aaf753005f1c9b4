import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../src/engine/index.ts';
import { createLogger, type RunningAgent, startAgent } from '../../src/runtime/index.ts';
import { prepareGrpcurl, runGrpcurl } from '../support/grpcurl.ts';
import { createSamplePlugin, type SamplePlugin } from '../support/sample-plugin.ts';
import { findGo } from '../support/tools.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const PLUGIN = 'mirastack.plugin.v1.PluginService';
const STANDARD = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];
const go = findGo();

let program: string;
let plugin: SamplePlugin;
let agent: RunningAgent;
let engine: Engine;
beforeAll(async () => {
  if (go === undefined) return;
  program = prepareGrpcurl(go);
  plugin = createSamplePlugin();
  const env = { MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0', MIRASTACK_PLUGIN_TENANT_ID: TENANT };
  agent = await startAgent(plugin, { env, log: createLogger(() => undefined) });
  engine = await startEngine({ listen: '127.0.0.1:0', tenantIds: [TENANT] });
}, 300_000);
afterAll(async () => {
  await agent?.stop();
  await engine?.stop();
});

/** What grpcurl prints when it succeeds. */
async function ask(args: string[], options: string[] = [], address = `127.0.0.1:${agent.port}`) {
  const run = await runGrpcurl(program, address, args, options);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return run.stdout;
}
const lines = (text: string) => text.trimEnd().split('\n');
/** The type as grpcurl prints it, without comments and without space. */
const describeType = async (name: string) =>
  lines(await ask(['describe', name]))
    .map((line) => line.trim())
    .filter((line) => line !== '');
const call = async (method: string, request: object = {}) =>
  JSON.parse(await ask([method], ['-d', JSON.stringify(request)]));

describe.skipIf(go === undefined)('an agent as grpcurl sees it (needs Go)', () => {
  test('lists its services and their methods', async () => {
    expect(lines(await ask(['list']))).toEqual([...STANDARD, PLUGIN]);
    expect(lines(await ask(['list', PLUGIN]))).toEqual(
      ['ChatStream', 'ConfigUpdated', 'Embed', 'Execute', 'GetSchema', 'HealthCheck', 'Info'].map(
        (method) => `${PLUGIN}.${method}`,
      ),
    );
  });

  test('describes every service', async () => {
    const titles = lines(await ask(['describe'])).filter((line) => line.endsWith(' is a service:'));
    expect(titles.sort()).toEqual([...STANDARD, PLUGIN].map((name) => `${name} is a service:`));
    expect(await describeType(PLUGIN)).toEqual(
      expect.arrayContaining([
        'rpc Execute ( .mirastack.plugin.v1.ExecuteRequest ) returns ( .mirastack.plugin.v1.ExecuteResponse );',
        'rpc ChatStream ( .mirastack.plugin.v1.ChatStreamRequest ) returns ( stream .mirastack.plugin.v1.ChatTokenResponse );',
      ]),
    );
    expect(await describeType(`${PLUGIN}.Info`)).toContain(
      'rpc Info ( .mirastack.plugin.v1.InfoRequest ) returns ( .mirastack.plugin.v1.InfoResponse );',
    );
  });

  test('describes messages with maps, optional fields, enums, lists and bytes', async () => {
    expect(await describeType('mirastack.plugin.v1.ExecuteRequest')).toEqual([
      'mirastack.plugin.v1.ExecuteRequest is a message:',
      'message ExecuteRequest {',
      'string execution_id = 1;',
      'string step_id = 2;',
      'optional string action_id = 3;',
      'bytes params_json = 4;',
      '.mirastack.plugin.v1.ExecutionMode execution_mode = 5;',
      'map<string, string> context = 6;',
      'optional .mirastack.plugin.v1.TimeRange time_range = 7;',
      'string tenant_id = 8;',
      '}',
    ]);
    expect(await describeType('mirastack.plugin.v1.InfoResponse')).toEqual(
      expect.arrayContaining([
        'repeated .mirastack.plugin.v1.DevOpsStage devops_stages = 6;',
        'repeated .mirastack.plugin.v1.ActionDef actions = 8;',
        'map<string, string> metadata = 11;',
      ]),
    );
    expect(await describeType('mirastack.plugin.v1.Permission')).toContain('PERMISSION_WRITE = 4;');
  });

  test('calls Info, Execute, HealthCheck and ConfigUpdated', async () => {
    expect(await call(`${PLUGIN}/Info`)).toMatchObject({
      name: 'my_agent',
      type: 'PLUGIN_TYPE_AGENT',
      permission: 'PERMISSION_READ',
      devopsStages: ['DEV_OPS_STAGE_OBSERVE'],
      actions: [{ id: 'echo' }, { id: 'restart', permission: 'PERMISSION_MODIFY' }],
      instanceId: agent.instanceId,
    });
    const reply = await call(`${PLUGIN}/Execute`, {
      action_id: 'echo',
      params_json: Buffer.from('{"text":"é"}').toString('base64'),
      execution_mode: 'EXECUTION_MODE_GUIDED',
      time_range: { start_epoch_ms: '1', end_epoch_ms: '9007199254740993', timezone: 'UTC' },
      tenant_id: TENANT,
    });
    expect(reply).toMatchObject({ success: true });
    expect(JSON.parse(Buffer.from(reply.resultJson, 'base64').toString())).toEqual({
      params: { text: 'é' },
      action: 'echo',
    });
    expect(plugin.executed.at(-1)).toMatchObject({
      mode: 'GUIDED',
      timeRange: { startEpochMs: 1, timezone: 'UTC' },
    });
    expect(await call(`${PLUGIN}/HealthCheck`)).toEqual({ healthy: true, message: 'ok' });
    expect(await call(`${PLUGIN}/ConfigUpdated`, { config: { url: 'x', '': 'y' }, version: '3' })).toEqual({
      acknowledged: true,
    });
    expect({ ...plugin.configs.at(-1) }).toEqual({ url: 'x', '': 'y' });
  });

  test('probes its health', async () => {
    expect(await call('grpc.health.v1.Health/Check')).toEqual({ status: 'SERVING' });
    expect(await call('grpc.health.v1.Health/Check', { service: PLUGIN })).toEqual({ status: 'SERVING' });
    expect(await call('grpc.health.v1.Health/List')).toEqual({
      statuses: { '': { status: 'SERVING' }, [PLUGIN]: { status: 'SERVING' } },
    });
    const unknown = await runGrpcurl(
      program,
      `127.0.0.1:${agent.port}`,
      ['grpc.health.v1.Health/Check'],
      ['-d', '{"service":"nope"}'],
    );
    expect(unknown.stderr).toContain('Code: NotFound');
  });

  test('says that a symbol is unknown', async () => {
    const run = await runGrpcurl(program, `127.0.0.1:${agent.port}`, ['describe', 'mirastack.Nothing']);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain('Symbol not found: mirastack.Nothing');
  });

  test('the dev engine is seen alike', async () => {
    const service = 'mirastack.plugin.v1.EngineService';
    expect(lines(await ask(['list'], [], engine.address))).toEqual([...STANDARD, service]);
    const request = { name: 'a', instance_id: 'i' };
    const reply = await ask([`${service}/Heartbeat`], ['-d', JSON.stringify(request)], engine.address);
    expect(JSON.parse(reply)).toMatchObject({ reRegisterRequired: true });
    expect(JSON.parse(await ask(['grpc.health.v1.Health/Check'], [], engine.address))).toEqual({
      status: 'SERVING',
    });
  });
});
