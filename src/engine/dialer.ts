import { hostname, networkInterfaces } from 'node:os';
import { formatHostPort, parseHostPort } from '../support/address.ts';

/** The addresses to try for an agent, in order; or why none may be tried. */
export type DialPlan =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const LOOPBACK = '127.0.0.1';

/** Every name and address under which this machine knows itself. */
function ownHosts(): Set<string> {
  const name = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map((item) => item.address),
  );
  return new Set(['', '0.0.0.0', '::', 'localhost', '::1', name, name.split('.')[0] ?? name, ...addresses]);
}

/**
 * Where an agent may be dialled back. One that names this machine is tried on loopback first: agents
 * advertise the machine's name by default, and Debian resolves that to 127.0.1.1, where an agent bound to
 * 127.0.0.1 does not listen. Other hosts need permission, or a registration could make the engine probe
 * any server in reach (faults.md T8).
 */
export function planDial(advertised: string, allowHosts: readonly string[]): DialPlan {
  const address = parseHostPort(advertised);
  if (address === undefined || address.port === 0)
    return { ok: false, reason: `grpc_addr ${JSON.stringify(advertised)} is not host:port` };
  const host = address.host.toLowerCase();
  const asGiven = formatHostPort(address);
  if (host.startsWith('127.') || ownHosts().has(host)) {
    const loopback = formatHostPort({ host: LOOPBACK, port: address.port });
    const addresses = host === '' || asGiven === loopback ? [loopback] : [loopback, asGiven];
    return { ok: true, addresses };
  }
  if (allowHosts.some((allowed) => allowed.toLowerCase() === host)) return { ok: true, addresses: [asGiven] };
  return {
    ok: false,
    reason: `host ${JSON.stringify(address.host)} is not this machine; start the engine with --allow-host ${address.host} to dial it`,
  };
}
