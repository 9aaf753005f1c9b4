import { type Action, checkGates, type PluginInfo } from '../contract/index.ts';
import {
  actionsFromMessage,
  createClient,
  infoFromMessage,
  type PeerLanguage,
  PLUGIN_TYPE_AGENT,
  type RegisterPluginRequest,
  type WireClient,
  WireError,
} from '../wire/index.ts';
import { planDial } from './dialer.ts';

/** Agents wait 10 s for the answer to RegisterPlugin; the callbacks must fit in (protocol.md §1.4). */
const HANDSHAKE_MS = 8_000;
const INFO_TIMEOUT_MS = 5_000;

/** The agent may not join, for a reason its author can read. */
export class HandshakeError extends Error {}

/** An agent that passed: what it declared, and the open connection to it. */
export interface Handshake {
  readonly info: PluginInfo;
  readonly address: string;
  readonly client: WireClient<'PluginService'>;
  readonly notExecutable: string | undefined;
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

async function askSchema(client: Client, timeoutMs: number): Promise<Action[]> {
  const reply = await client.call('GetSchema', {}, { timeoutMs });
  return actionsFromMessage(reply.actions);
}

/** Info, then GetSchema; a Python SDK's failure there is a fact to report, not a reason to refuse. */
async function ask(
  client: Client,
  request: RegisterPluginRequest,
  peer: PeerLanguage,
  endsAt: number,
): Promise<Answers> {
  const remainingMs = () => Math.max(1, Math.min(INFO_TIMEOUT_MS, endsAt - performance.now()));
  let info: PluginInfo;
  try {
    const reply = await client.call('Info', {}, { timeoutMs: remainingMs(), peer });
    if (reply.type !== 0 && reply.type !== PLUGIN_TYPE_AGENT)
      throw new HandshakeError(
        `plugin type ${reply.type} is not served: only agents (type ${PLUGIN_TYPE_AGENT}) are`,
      );
    info = infoFromMessage(reply);
  } catch (error) {
    if (!isPythonDefect(error, peer)) throw error;
    return { info: infoFromRegistration(request), notExecutable: describeDefect('Info', error) };
  }
  if (info.name !== request.name)
    throw new HandshakeError(
      `it registered as ${JSON.stringify(request.name)}, but its Info says ${JSON.stringify(info.name)}`,
    );
  const violations = checkGates(info);
  if (violations.length > 0) throw new HandshakeError(`plugin quality gate failed: ${violations.join('; ')}`);
  try {
    const schema = await askSchema(client, remainingMs());
    // Older agents declare their actions in Info alone; where both exist, Schema has the params.
    return { info: schema.length > 0 ? { ...info, actions: schema } : info, notExecutable: undefined };
  } catch (error) {
    if (!isPythonDefect(error, peer)) throw error;
    return { info, notExecutable: describeDefect('GetSchema', error) };
  }
}

/**
 * Dials an agent back and learns what it is: Info, GetSchema, the gates again.
 * @throws HandshakeError with a sentence for the agent's author
 */
export async function shakeHands(
  request: RegisterPluginRequest,
  peer: PeerLanguage,
  allowHosts: readonly string[],
): Promise<Handshake> {
  const plan = planDial(request.grpc_addr, allowHosts);
  if (!plan.ok) throw new HandshakeError(plan.reason);
  const endsAt = performance.now() + HANDSHAKE_MS;
  let lastError: unknown;
  for (const address of plan.addresses) {
    const client = createClient({ service: 'PluginService', address, keepalive: false });
    try {
      return { ...(await ask(client, request, peer, endsAt)), address, client };
    } catch (error) {
      client.close();
      lastError = error;
      const unreachable =
        error instanceof WireError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.status);
      if (!unreachable) break;
    }
  }
  if (lastError instanceof HandshakeError) throw lastError;
  const reason =
    lastError instanceof WireError ? `${lastError.status}: ${lastError.message}` : String(lastError);
  throw new HandshakeError(`the engine cannot reach it at ${plan.addresses.join(' or ')} (${reason})`);
}
