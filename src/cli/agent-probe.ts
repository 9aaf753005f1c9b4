import type { PluginInfo, PluginSchema } from '../contract/index.ts';
import type { HealthFact } from '../lint/index.ts';
import { messageOf } from '../support/errors.ts';
import {
  actionsFromMessage,
  createClient,
  infoFromMessage,
  type WireClient,
  WireError,
} from '../wire/index.ts';

/** How long an agent may take to speak of itself. */
const ASK_MS = 10_000;
/** A health check may try its backend several times. */
const HEALTH_MS = 30_000;

/** What an agent says of itself when it is asked directly. */
export interface ProbedAgent {
  readonly info: PluginInfo;
  /** Left out: GetSchema failed, as it does with Python SDKs that nobody mended. */
  readonly schema?: PluginSchema;
}

async function withClient<T>(
  address: string,
  use: (client: WireClient<'PluginService'>) => Promise<T>,
): Promise<T> {
  const client = createClient({ service: 'PluginService', address, keepalive: false });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Asks an agent for Info and Schema. @throws WireError when it gives no Info */
export function probeAgent(address: string, signal: AbortSignal): Promise<ProbedAgent> {
  return withClient(address, async (client) => {
    const options = { timeoutMs: ASK_MS, signal };
    const [info, schema] = await Promise.all([
      client.call('Info', {}, options).then(infoFromMessage),
      client.call('GetSchema', {}, options).then(
        (reply) => ({ actions: actionsFromMessage(reply.actions) }),
        (error: unknown) => {
          if (error instanceof WireError) return undefined;
          throw error;
        },
      ),
    ]);
    return { info, ...(schema === undefined ? {} : { schema }) };
  });
}

/** Asks an agent how it is; an agent that cannot say is unhealthy. */
export function probeHealth(address: string, signal: AbortSignal): Promise<HealthFact> {
  return withClient(address, async (client) => {
    try {
      const { healthy, message } = await client.call('HealthCheck', {}, { timeoutMs: HEALTH_MS, signal });
      return { healthy, message };
    } catch (error) {
      signal.throwIfAborted();
      return { healthy: false, message: messageOf(error) };
    }
  });
}
