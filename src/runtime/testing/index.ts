/** `create-mirastack-agent/testing`: runs a plugin on a scripted engine, in-process or over real ports. */
import { checkGates, type ExecuteRequest, type JsonValue, type Plugin } from '../../contract/index.ts';
import { GateError } from '../agent.ts';
import { createEngineClient } from '../engine-client.ts';
import { REQUEST_DEFAULTS, type RequestOptions, TEST_TENANT_ID, withAction } from './request.ts';
import { type EngineScript, type ScriptedEngine, scriptEngine } from './scripted-engine.ts';

export type { RequestOptions } from './request.ts';
export type { EngineCall, EngineScript, ScriptedEngine } from './scripted-engine.ts';
export { startTestAgent, type TestAgent, type TestAgentOptions } from './test-agent.ts';

/** A plugin under test. */
export interface TestHarness {
  /** What the plugin asked of the engine, and what the engine holds. */
  readonly engine: ScriptedEngine;
  /** The request the engine would send; params are strings, as on the wire. */
  request(
    actionId: string,
    params?: Readonly<Record<string, string>>,
    options?: RequestOptions,
  ): ExecuteRequest;
  /**
   * Executes an action and gives its output as the caller would read it.
   * @throws what the action threw; Error for an action that Info does not declare or that gave no output
   */
  execute(
    actionId: string,
    params?: Readonly<Record<string, string>>,
    options?: RequestOptions,
  ): Promise<JsonValue>;
}

/**
 * Puts a plugin on a scripted engine: the gates run, and the plugin gets its engine client.
 * @throws GateError that lists every violation
 */
export async function createTestHarness(plugin: Plugin, script: EngineScript = {}): Promise<TestHarness> {
  const info = await plugin.info();
  const violations = checkGates(info);
  if (violations.length > 0) throw new GateError(violations);
  const { connection, engine } = scriptEngine(script);
  const identity = { name: info.name, instanceId: 'test-instance', tenantId: TEST_TENANT_ID };
  const engineClient = createEngineClient(connection, identity, 0);
  plugin.setEngineClient?.(engineClient);

  const request: TestHarness['request'] = (actionId, params = {}, options = {}) => ({
    ...REQUEST_DEFAULTS,
    timeRange: undefined,
    signal: new AbortController().signal,
    ...options,
    actionId,
    params: withAction(params, actionId),
    engineClient,
  });

  return {
    engine,
    request,
    execute: async (actionId, params, options) => {
      const known = (await plugin.info()).actions.map((action) => action.id);
      if (!known.includes(actionId))
        throw new Error(`unknown action ${JSON.stringify(actionId)}: Info declares ${known.join(', ')}`);
      const response = await plugin.execute(request(actionId, params, options));
      const output = response?.output;
      const json =
        output instanceof Uint8Array ? Buffer.from(output).toString('utf8') : JSON.stringify(output);
      if (json === undefined) throw new Error(`action ${actionId} returned no output`);
      return JSON.parse(json) as JsonValue;
    },
  };
}
