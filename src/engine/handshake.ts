import { type Action, checkGates, type PluginInfo } from '../contract/index.ts';
import {
  actionsFromMessage,
  infoFromMessage,
  type PeerLanguage,
  PLUGIN_TYPE_AGENT,
  type RegisterPluginRequest,
  type WireClient,
  WireError,
} from '../wire/index.ts';
import { connectAgent, MAX_SELF_BYTES } from './agent-connection.ts';
import { planDial } from './dialer.ts';
import { limitIntents } from './intent-limit.ts';

/** Agents wait 10 s for the answer to RegisterPlugin; the callbacks must fit in (protocol.md §1.4). */
const HANDSHAKE_MS = 8_000;
const INFO_TIMEOUT_MS = 5_000;

/** More than any version has. */
const MAX_VERSION = 256;

/** The agent may not join, for a reason its author can read. */
export class HandshakeError extends Error {}

/** An agent that passed: what it declared, and the open connection to it. */
export interface Handshake {
  readonly info: PluginInfo;
  readonly address: string;
  readonly client: WireClient<'PluginService'>;
  readonly notExecutable: string | undefined;
  /** What of its declarations was not taken, one sentence. */
  readonly remark: string | undefined;
}

type Client = WireClient<'PluginService'>;

/** A Python SDK that cannot serialise its answers ends them so (protocol.md §2.6). */
function isPythonDefect(error: unknown, peer: PeerLanguage): error is WireError {
  return peer === 'python' && error instanceof WireError && ['INTERNAL', 'UNKNOWN'].includes(error.status);
}

function describeDefect(method: string, error: WireError): string {
  return (
    `its Python SDK answers ${method} with ${error.status} (${error.message}) and cannot serve Execute; ` +
    'see "Python agents" in the README of create-mirastack-agent for the remedy'
  );
}

/** What is known of a Python agent whose Info cannot be sent: the registration itself. */
function infoFromRegistration(request: RegisterPluginRequest): PluginInfo {
  return {
    name: request.name,
    version: request.version,
    description: '',
    permission: 'READ',
    devopsStages: [],
    actions: [],
  };
}

interface Answers {
  readonly info: PluginInfo;
  readonly notExecutable: string | undefined;
}

/** An agent under question: within the time of the handshake, and no longer than the engine lives. */
interface Asker {
  readonly client: Client;
  readonly peer: PeerLanguage;
  readonly callOptions: () => { timeoutMs: number; peer: PeerLanguage; signal: AbortSignal };
}

/**
 * What Schema adds: params. Id, permission and stages stay what Info declared, or a MODIFY there could run as
 * the READ that Schema calls it.
 */
function withSchemaParams(info: PluginInfo, schema: readonly Action[]): PluginInfo {
  const byId = new Map(schema.map((action) => [action.id, action]));
  const actions = info.actions.map((action) => {
    const { inputParams, outputParams } = byId.get(action.id) ?? {};
    return {
      ...action,
      ...(inputParams?.length ? { inputParams } : {}),
      ...(outputParams?.length ? { outputParams } : {}),
    };
  });
  return { ...info, actions };
}

async function askInfo({ client, callOptions }: Asker, request: RegisterPluginRequest): Promise<PluginInfo> {
  const reply = await client.call('Info', {}, callOptions());
  // Python before 1.11 sends no type in Info (protocol.md §2.7 rule 6).
  const type = reply.type || request.plugin_type;
  if (type !== 0 && type !== PLUGIN_TYPE_AGENT)
    throw new HandshakeError(
      `plugin type ${type} is not served: only agents (type ${PLUGIN_TYPE_AGENT}) are`,
    );
  return infoFromMessage(reply);
}

/** Info, then GetSchema, then the gates; a Python SDK's failure is a fact to report, not a reason to refuse. */
async function ask(asker: Asker, request: RegisterPluginRequest): Promise<Answers> {
  let info: PluginInfo;
  try {
    info = await askInfo(asker, request);
  } catch (error) {
    if (!isPythonDefect(error, asker.peer)) throw error;
    return { info: infoFromRegistration(request), notExecutable: describeDefect('Info', error) };
  }
  if (info.name !== request.name)
    throw new HandshakeError(
      `it registered as ${JSON.stringify(request.name)}, but its Info says ${JSON.stringify(info.name)}`,
    );
  if (info.version.length > MAX_VERSION)
    throw new HandshakeError(
      `its version has ${info.version.length} characters, and at most ${MAX_VERSION} are taken`,
    );
  let notExecutable: string | undefined;
  try {
    const reply = await asker.client.call('GetSchema', {}, asker.callOptions());
    info = withSchemaParams(info, actionsFromMessage(reply.actions));
  } catch (error) {
    if (!isPythonDefect(error, asker.peer)) throw error;
    notExecutable = describeDefect('GetSchema', error);
  }
  const violations = checkGates(info);
  if (violations.length > 0) throw new HandshakeError(`plugin quality gate failed: ${violations.join('; ')}`);
  return { info, notExecutable };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof WireError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.status);
}

/** How grpc-js begins to say that a reply is beyond the limit of its client. */
const TOO_LARGE = /^Received message larger than max/;

/** What to tell the author of an agent that could not be asked. */
function explain(error: unknown, addresses: readonly string[]): HandshakeError {
  if (error instanceof HandshakeError) return error;
  if (!(error instanceof WireError)) return new HandshakeError(String(error));
  if (error.status === 'RESOURCE_EXHAUSTED' && TOO_LARGE.test(error.message))
    return new HandshakeError(
      `its answer to Info or GetSchema is larger than ${MAX_SELF_BYTES / 1024 / 1024} MiB, the most that is taken`,
    );
  const reason = `${error.status}: ${error.message}`;
  return new HandshakeError(
    isUnreachable(error)
      ? `the engine cannot reach it at ${addresses.join(' or ')} (${reason})`
      : `its answer to Info or GetSchema cannot be used (${reason})`,
  );
}

/**
 * Dials an agent back and learns what it is: Info, GetSchema, the gates again.
 * @throws HandshakeError with a sentence for the agent's author
 */
export async function shakeHands(
  request: RegisterPluginRequest,
  peer: PeerLanguage,
  options: { readonly allowHosts: readonly string[]; readonly signal: AbortSignal },
): Promise<Handshake> {
  const plan = planDial(request.grpc_addr, options.allowHosts);
  if (!plan.ok) throw new HandshakeError(plan.reason);
  const endsAt = performance.now() + HANDSHAKE_MS;
  const callOptions = () => ({
    timeoutMs: Math.max(1, Math.round(Math.min(INFO_TIMEOUT_MS, endsAt - performance.now()))),
    peer,
    signal: options.signal,
  });
  let lastError: unknown;
  for (const address of plan.addresses) {
    const client = connectAgent(address);
    try {
      const answers = await ask({ client, peer, callOptions }, request);
      const { info, remark } = limitIntents(answers.info);
      return { ...answers, info, remark, address, client };
    } catch (error) {
      client.close();
      lastError = error;
      if (!isUnreachable(error)) break;
    }
  }
  throw explain(lastError, plan.addresses);
}
