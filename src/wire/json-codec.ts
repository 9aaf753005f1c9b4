import type { MessageTypes } from './generated/messages.ts';
import { messageReader } from './json-reader.ts';
import { parseMarkedJson } from './json-text.ts';
import { messageWriter } from './json-writer.ts';
import type { MessageName, Sparse } from './messages.ts';
import type { PeerLanguage } from './peer.ts';
import { WireError } from './status.ts';

/**
 * Decodes one JSON body. Null and absent are the zero value, unknown keys are ignored.
 * @throws WireError INVALID_ARGUMENT with the path of the field that does not fit
 */
export function decodeJson<Name extends MessageName>(
  name: Name,
  body: Uint8Array,
  peer: PeerLanguage,
): MessageTypes[Name] {
  if (body.length === 0)
    throw new WireError('INVALID_ARGUMENT', `${name}: empty body, expected a JSON object`);
  const value = parseMarkedJson(body, name);
  return messageReader(name)(value ?? {}, name, peer) as MessageTypes[Name];
}

/** Encodes one message as the peer reads it: snake_case keys, enums and integers as plain numbers. */
export function encodeJson<Name extends MessageName>(
  name: Name,
  message: Sparse<MessageTypes[Name]>,
  peer: PeerLanguage,
): Buffer {
  return Buffer.from(messageWriter(name)(message, peer), 'utf8');
}
