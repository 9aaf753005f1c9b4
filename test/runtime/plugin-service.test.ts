import { expect, test } from 'vitest';
import type { ExecuteRequest, Plugin } from '../../src/contract/index.ts';
import { createPluginService } from '../../src/runtime/plugin-service.ts';
import { NO_TELEMETRY } from '../../src/runtime/telemetry/telemetry.ts';
import type { CallContext, ExecuteRequestMessage } from '../../src/wire/index.ts';
import { createSamplePlugin } from '../support/sample-plugin.ts';

const MESSAGE: ExecuteRequestMessage = {
  execution_id: 'e1',
  step_id: 's1',
  action_id: 'echo',
  params_json: Buffer.from('{}'),
  execution_mode: 0,
  context: {},
  tenant_id: 't1',
};

/** A call that says how often its signal was asked for, and why it was told to give up. */
function createCall() {
  const controller = new AbortController();
  const call = {
    reads: 0,
    reasons: [] as unknown[],
    context: {
      peer: 'go',
      pluginName: undefined,
      traceparent: undefined,
      tracestate: undefined,
      get signal() {
        call.reads++;
        return controller.signal;
      },
      giveUp: (reason: unknown) => call.reasons.push(reason),
    } satisfies CallContext as CallContext,
  };
  return call;
}

function createService(execute?: Plugin['execute']) {
  const stopping = new AbortController();
  const failing = new AbortController();
  const plugin = createSamplePlugin(execute === undefined ? {} : { execute });
  const service = createPluginService({
    plugin,
    instanceId: 'i1',
    engineClient: {} as ExecuteRequest['engineClient'],
    stopping: stopping.signal,
    failing: failing.signal,
    refusal: () => undefined,
    onInfo: () => undefined,
    onConfigUpdated: () => undefined,
    telemetry: NO_TELEMETRY,
  });
  const run = async (call: ReturnType<typeof createCall>) => service.Execute?.(MESSAGE, call.context);
  return { stopping, failing, plugin, run };
}

const NEVER = () => new Promise<never>(() => undefined);

test('a signal is made for those who read it, and a copy of the request has it too', async () => {
  const { plugin, run } = createService();
  const call = createCall();
  expect(await run(call)).toMatchObject({ success: true });
  expect(call.reads).toBe(0);
  const [request] = plugin.executed;
  expect({ ...request }.signal).toBe(call.context.signal);
});

test('an agent that stops tells the calls under way and those that come, and nobody else', async () => {
  let gate = Promise.resolve();
  const { stopping, run } = createService(async () => {
    await gate;
    return { output: {} };
  });
  const [ended, running, late] = [createCall(), createCall(), createCall()];
  await run(ended);
  let release: () => void = () => undefined;
  gate = new Promise((resolve) => (release = resolve));
  const reply = run(running);
  const reason = new Error('the agent is stopping');
  stopping.abort(reason);
  const lateReply = run(late);
  release();
  await Promise.all([reply, lateReply]);
  expect([ended.reasons, running.reasons, late.reasons]).toEqual([[], [reason], [reason]]);
});

test('a process that fails answers for work that never ends', async () => {
  const { failing, run } = createService(NEVER);
  const reply = run(createCall());
  failing.abort(new Error('broken'));
  await expect(reply).rejects.toMatchObject({ status: 'INTERNAL', message: 'the agent failed: broken' });
  await expect(run(createCall())).rejects.toMatchObject({ status: 'UNAVAILABLE' });
});
