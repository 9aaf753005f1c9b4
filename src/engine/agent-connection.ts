import { createClient, type WireClient } from '../wire/index.ts';

/** What an agent says of itself is small; a larger answer is an attack or an accident (faults.md T8). */
export const MAX_SELF_BYTES = 4 * 1024 * 1024;

const SELF_METHODS: ReadonlySet<string> = new Set(['Info', 'GetSchema', 'HealthCheck']);

/**
 * The connection to one instance. Methods in which it speaks of itself go over a connection of their own, which takes
 * small answers only; the one for results opens with the first call that needs it.
 */
export function connectAgent(address: string): WireClient<'PluginService'> {
  const options = { service: 'PluginService', address, keepalive: false } as const;
  const forSelf = createClient({ ...options, maxReceiveBytes: MAX_SELF_BYTES });
  let forResults: WireClient<'PluginService'> | undefined;
  let closed = false;
  return {
    call: (method, request, callOptions) => {
      // A call on a closed client ends with an error, as it must.
      if (SELF_METHODS.has(method) || closed) return forSelf.call(method, request, callOptions);
      forResults ??= createClient(options);
      return forResults.call(method, request, callOptions);
    },
    close: () => {
      closed = true;
      forSelf.close();
      forResults?.close();
    },
  };
}
