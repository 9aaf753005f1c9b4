import { randomUUID } from 'node:crypto';
import type { Action } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';
import { decodeJson, type ExecuteRequestMessage, encodeJson, modeCodec, WireError } from '../wire/index.ts';
import { unreachable } from './execution-errors.ts';
import { type Agent, type Instance, infoOf, type Registry } from './registry.ts';
import type { Secrets } from './secrets.ts';
import { actionOf, findAgent } from './target.ts';

/** The five methods of an agent. */
export const RAW_METHODS = ['Info', 'GetSchema', 'Execute', 'HealthCheck', 'ConfigUpdated'] as const;
export type RawMethod = (typeof RAW_METHODS)[number];

/** One call of a method as it is, past routing, history and settings. */
export interface RawCall {
  readonly agent: string;
  readonly method: RawMethod;
  /** The message as JSON text, with the field names of `proto/`; `{}` where it is left out. */
  readonly requestJson?: string;
  /** Which instance; the next in turn where it is left out. */
  readonly instanceId?: string;
  /** Milliseconds the agent may take. Default 60,000. */
  readonly timeoutMs?: number;
}

/** What the agent answered. */
export interface RawAnswer {
  readonly agent: string;
  readonly method: RawMethod;
  readonly instanceId: string;
  /** `host:port` that was called. */
  readonly address: string;
  readonly durationMs: number;
  /** The message as JSON text; bytes that hold JSON stand in it as text. */
  readonly responseJson: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;

const usage = (code: string, message: string, hint?: string) =>
  new UserError({ kind: 'usage', code, message, ...(hint === undefined ? {} : { hint }) });

function pick(registry: Registry, agent: Agent, instanceId: string | undefined): Instance {
  if (instanceId === undefined) return registry.pick(agent);
  const instance = agent.find((item) => item.instanceId === instanceId);
  if (instance !== undefined) return instance;
  throw usage(
    'unknown-instance',
    `${infoOf(agent).name} has no instance ${JSON.stringify(instanceId)}.`,
    `It has ${agent.map((item) => item.instanceId).join(', ')}.`,
  );
}

function readMessage(method: RawMethod, requestJson: string): object {
  try {
    return decodeJson(`${method}Request`, Buffer.from(requestJson, 'utf8'), 'unknown');
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw usage('bad-message', `This is no request of ${method}: ${error.message}.`);
  }
}

/** The word that an agent may take for the action, beside `action_id`. */
function actionParam(paramsJson: Uint8Array): unknown {
  try {
    const params: unknown = JSON.parse(Buffer.from(paramsJson).toString('utf8'));
    return typeof params === 'object' && params !== null && 'action' in params ? params.action : undefined;
  } catch {
    return undefined;
  }
}

/** The approval of an action is not to be had by calling it another way. What counts is what this instance says. */
function checkPermission(instance: Instance, request: ExecuteRequestMessage): void {
  const named = [request.action_id, actionParam(request.params_json)].filter(
    (id): id is string => typeof id === 'string',
  );
  const gated = named
    .map((id): Action | undefined => actionOf([instance], id.trim()))
    .find((found) => found !== undefined && found.permission !== 'READ');
  if (gated === undefined) return;
  throw new UserError({
    kind: 'failed',
    code: 'needs-approval',
    message: `The action ${gated.id} has permission ${gated.permission}, and a raw call cannot be approved.`,
    hint: `Use \`mirastack-agent invoke ${gated.id}\`, which asks for its approval.`,
  });
}

/** An Execute that leaves out what only the engine knows gets it from here. */
function completeExecute(instance: Instance, request: ExecuteRequestMessage): object {
  return {
    ...request,
    execution_id: request.execution_id || randomUUID(),
    step_id: request.step_id || randomUUID(),
    tenant_id: request.tenant_id || instance.tenantId,
    execution_mode: request.execution_mode || modeCodec.toWire('GUIDED'),
    params_json: request.params_json.length === 0 ? Buffer.from('{}') : request.params_json,
  };
}

function toUserError(instance: Instance, method: RawMethod, error: WireError): UserError {
  const place = `${instance.name} at ${instance.address}`;
  if (error.status === 'UNAVAILABLE') return unreachable(instance, error);
  return new UserError({
    kind: 'failed',
    code: 'call-failed',
    message: `${method} of ${place} ended with ${error.status}: ${error.message}`,
    cause: error,
  });
}

/**
 * Calls one of the five methods of one instance, healthy or not.
 * @throws UserError `unknown-agent`, `ambiguous-agent`, `unknown-instance`, `bad-message` (usage),
 *   `needs-approval`, `call-failed` (failed), `agent-unreachable` (unreachable)
 */
export async function callMethod(
  { registry, secrets }: { readonly registry: Registry; readonly secrets: Secrets },
  call: RawCall,
  signal: AbortSignal | undefined,
): Promise<RawAnswer> {
  const { method, timeoutMs = DEFAULT_TIMEOUT_MS } = call;
  const agent = findAgent(registry, call.agent);
  const instance = pick(registry, agent, call.instanceId);
  let request = readMessage(method, call.requestJson ?? '{}');
  if (method === 'Execute') {
    checkPermission(instance, request as ExecuteRequestMessage);
    request = completeExecute(instance, request as ExecuteRequestMessage);
  }
  const startedAt = performance.now();
  try {
    const peer = instance.language;
    const options = { timeoutMs, peer, ...(signal === undefined ? {} : { signal }) };
    const response = await instance.client.call(method, request as never, options);
    // As Python reads it: bytes that hold JSON are shown as the text they hold.
    const responseJson = encodeJson(`${method}Response`, response as never, 'python').toString('utf8');
    return {
      agent: instance.name,
      method,
      instanceId: instance.instanceId,
      address: instance.address,
      durationMs: Math.round(performance.now() - startedAt),
      responseJson: method === 'Execute' ? responseJson : secrets.maskText(responseJson),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof WireError ? toUserError(instance, method, error) : error;
  }
}
