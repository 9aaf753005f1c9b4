import { randomUUID } from 'node:crypto';
import type { ExecutionMode, JsonValue } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';
import { modeCodec, parseJsonText, timeRangeToMessage, WireError } from '../wire/index.ts';
import type { Instance, Registry } from './registry.ts';
import type { ActionView, AgentView, InvokeRequest, InvokeResult } from './types.ts';

const DEFAULT_TIMEOUT_MS = 60_000;

const usage = (code: string, message: string, hint?: string) =>
  new UserError({ kind: 'usage', code, message, ...(hint === undefined ? {} : { hint }) });

/** What an execute is aimed at. */
export interface Target {
  readonly agent: AgentView;
  readonly action: ActionView;
}

/** Finds the one agent that offers the action. @throws UserError unknown-agent, unknown-action, ambiguous-action */
export function findTarget(agents: readonly AgentView[], request: InvokeRequest): Target {
  const named = request.agent === undefined ? agents : agents.filter((agent) => agent.name === request.agent);
  if (request.agent !== undefined && named.length === 0)
    throw usage(
      'unknown-agent',
      `No agent named ${JSON.stringify(request.agent)} is registered.`,
      agents.length > 0
        ? `Registered: ${agents.map((agent) => agent.name).join(', ')}.`
        : 'No agent is registered.',
    );
  const targets = named.flatMap((agent) =>
    agent.actions.filter((action) => action.id === request.action).map((action) => ({ agent, action })),
  );
  const [target, ...others] = targets;
  if (target === undefined) {
    const known = named.flatMap((agent) => agent.actions.map((action) => action.id));
    throw usage(
      'unknown-action',
      `No registered agent offers the action ${JSON.stringify(request.action)}.`,
      known.length > 0 ? `Offered: ${known.join(', ')}.` : 'No action is offered: is the agent registered?',
    );
  }
  if (others.length > 0)
    throw usage(
      'ambiguous-action',
      `Several agents offer the action ${JSON.stringify(request.action)}: ${targets.map((item) => item.agent.name).join(', ')}.`,
      request.agent === undefined
        ? 'Name one with --agent.'
        : `They serve the tenants ${targets.map((item) => item.agent.tenantId).join(' and ')}; run one engine for each.`,
    );
  return target;
}

/** Checks the params against what the action declares. @throws UserError missing-param, unknown-param */
export function checkParams({ agent, action }: Target, params: InvokeRequest['params']): void {
  const known = action.inputParams.map((param) => param.name);
  const place = `the action ${action.id} of ${agent.name}`;
  const hint = known.length > 0 ? `It takes ${known.join(', ')}.` : 'It takes no params.';
  const unknown = Object.keys(params).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw usage('unknown-param', `Unknown param ${unknown.join(', ')} for ${place}.`, hint);
  const missing = action.inputParams.filter((param) => param.required && !Object.hasOwn(params, param.name));
  if (missing.length > 0)
    throw usage(
      'missing-param',
      `Missing required param ${missing.map((param) => param.name).join(', ')} for ${place}.`,
      hint,
    );
}

/** The Go SDK reads params as strings and nothing else (protocol.md §3.2). */
function toParamText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}

/** Published agents read `action_id`, the guide's samples `params.action`: both are sent. */
function paramsJson(action: string, params: InvokeRequest['params']): Uint8Array {
  const texts = Object.entries(params).map(([name, value]) => [name, toParamText(value)]);
  return Buffer.from(JSON.stringify({ ...Object.fromEntries(texts), action }), 'utf8');
}

function toResultJson(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'null';
  const text = Buffer.from(bytes).toString('utf8');
  try {
    parseJsonText(bytes, 'result');
    return text;
  } catch {
    // Agents may answer with bytes that are no JSON; they are shown as a string.
    return JSON.stringify(text);
  }
}

async function execute(
  instance: Instance,
  request: InvokeRequest,
  mode: ExecutionMode,
  signal: AbortSignal | undefined,
): Promise<InvokeResult> {
  const executionId = randomUUID();
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const startedAt = performance.now();
  const failed = (error: string): InvokeResult => ({
    success: false,
    resultJson: 'null',
    error,
    durationMs: Math.round(performance.now() - startedAt),
    executionId,
  });
  try {
    const reply = await instance.client.call(
      'Execute',
      {
        execution_id: executionId,
        step_id: randomUUID(),
        action_id: request.action,
        params_json: paramsJson(request.action, request.params),
        execution_mode: modeCodec.toWire(mode),
        time_range: request.timeRange === undefined ? undefined : timeRangeToMessage(request.timeRange),
        tenant_id: instance.tenantId,
      },
      { timeoutMs, peer: instance.language, ...(signal === undefined ? {} : { signal }) },
    );
    if (!reply.success) return failed(reply.error || 'the agent reported failure without a message');
    return { ...failed(''), success: true, resultJson: toResultJson(reply.result_json) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (error.status === 'UNAVAILABLE')
      throw new UserError({
        kind: 'unreachable',
        code: 'agent-unreachable',
        message: `The agent ${instance.name} at ${instance.address} cannot be reached: ${error.message}`,
        cause: error,
      });
    if (error.status === 'DEADLINE_EXCEEDED')
      return failed(`${request.action} did not end within ${timeoutMs} ms`);
    return failed(`${error.status}: ${error.message}`);
  }
}

/**
 * Executes one action on one instance; see `Engine.invoke` for the errors.
 * @param done hears of every execution that reached an agent
 */
export async function dispatch(
  registry: Registry,
  request: InvokeRequest,
  options: {
    readonly mode: ExecutionMode;
    readonly signal?: AbortSignal | undefined;
    readonly done: (target: Target, result: InvokeResult) => void;
  },
): Promise<InvokeResult> {
  const target = findTarget(registry.agents(), request);
  checkParams(target, request.params);
  const { agent, action } = target;
  if (action.permission !== 'READ')
    throw new UserError({
      kind: 'failed',
      code: 'needs-approval',
      message: `The action ${action.id} of ${agent.name} has permission ${action.permission} and needs an approval, which this engine cannot give yet.`,
      hint: 'Only READ actions can be invoked for now.',
    });
  const instance = registry.pick(agent);
  if (instance === undefined)
    throw new UserError({
      kind: 'unreachable',
      code: 'no-healthy-instance',
      message: `No instance of ${agent.name} is healthy: ${agent.instances[0]?.healthMessage ?? 'none is registered'}.`,
      hint: 'Mend what the health check complains about; the next probe will notice.',
    });
  if (instance.notExecutable !== undefined)
    throw new UserError({
      kind: 'failed',
      code: 'not-executable',
      message: `The agent ${agent.name} cannot execute: ${instance.notExecutable}.`,
    });
  const result = await execute(instance, request, options.mode, options.signal);
  options.done(target, result);
  return result;
}
