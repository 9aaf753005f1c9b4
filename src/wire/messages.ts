import { MESSAGES, type MessageTypes } from './generated/messages.ts';

export type MessageName = keyof MessageTypes;

/** A message to send: what is left out is the zero value. */
export type Sparse<T> = T extends Uint8Array | string | number | boolean | bigint | undefined
  ? T
  : T extends (infer Item)[]
    ? readonly Sparse<Item>[]
    : { readonly [Key in keyof T]?: Sparse<T[Key]> | undefined };

type Scalar = 'string' | 'bool' | 'int32' | 'int64' | 'float' | 'bytes' | 'enum';

/** One field as proto/ declares it, with the facts of the JSON wire (proto/…/options.proto). */
export interface FieldSpec {
  readonly name: string;
  readonly type: Scalar | MessageName;
  readonly repeated?: true;
  readonly map?: true;
  /** Left out when unset. */
  readonly optional?: true;
  /** Left out when empty. */
  readonly omitEmpty?: true;
  /** The bytes are JSON. */
  readonly jsonText?: true;
}

interface MessageSpec {
  /** In JSON the message is its only field. */
  readonly transparent?: true;
  readonly fields: readonly FieldSpec[];
}

/** The fields of a message. */
export function messageSpec(name: MessageName): MessageSpec {
  return MESSAGES[name];
}

/** Whether a field's values are messages. */
export function isMessage(type: FieldSpec['type']): type is MessageName {
  return type in MESSAGES;
}

/** The value of a field that was not sent. */
export function zeroValue(field: FieldSpec): unknown {
  if (field.repeated) return [];
  if (field.map) return Object.create(null);
  if (field.optional) return undefined;
  switch (field.type) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'bytes':
      return new Uint8Array();
    default:
      return 0;
  }
}
