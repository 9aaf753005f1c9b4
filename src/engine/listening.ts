import { formatHostPort, type ListenAddress, parseListenAddress } from '../support/address.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import type { WireServer } from '../wire/index.ts';

function parseListen(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address !== undefined) return address;
  throw new UserError({
    kind: 'usage',
    code: 'bad-listen-address',
    message: `The listen address ${JSON.stringify(text)} is not host:port.`,
    hint: 'Use 127.0.0.1:0 for a free port.',
  });
}

/** Opens the port. @returns `host:port` @throws UserError bad-listen-address, cannot-listen (usage) */
export async function listen(server: WireServer, text: string): Promise<string> {
  const address = parseListen(text);
  try {
    const port = await server.listen(address);
    return formatHostPort({ host: address.host ?? '127.0.0.1', port });
  } catch (error) {
    throw new UserError({
      kind: 'usage',
      code: 'cannot-listen',
      message: `The engine cannot listen on ${text}: ${systemCode(error) ?? messageOf(error)}.`,
      hint: 'Choose another port, or 127.0.0.1:0 for a free one.',
      cause: error,
    });
  }
}
