/** A network address as users write it. */
export interface HostPort {
  /** Empty for "all interfaces", as in `:50051`. */
  readonly host: string;
  readonly port: number;
}

const HOST_PORT = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]*)):(\d{1,5})$/;

/** Reads `host:port`, `:port` or `[ipv6]:port`; undefined for anything else. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = HOST_PORT.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) return undefined;
  return { host: match[1] ?? match[2] ?? '', port };
}

/** Writes `host:port`, with brackets around IPv6. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Where to listen; no host means every interface. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

/** Reads `host:port` or `:port` as a place to listen; undefined for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const address = parseHostPort(text);
  if (address === undefined) return undefined;
  return { host: address.host === '' ? undefined : address.host, port: address.port };
}
