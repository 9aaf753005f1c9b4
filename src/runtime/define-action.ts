import type {
  Action,
  ExecuteRequest,
  ExecuteResponse,
  IntentPattern,
  JsonValue,
  ParamSchema,
  ParamType,
  Permission,
  RoutingSemantics,
  Stage,
} from '../contract/index.ts';
import { ActionResponse } from './respond.ts';

/** One input of an action: what a ParamSchema says, without the name. */
export interface ParamDeclaration {
  readonly type: ParamType;
  readonly required: boolean;
  readonly description: string;
}

type ParamDeclarations = Readonly<Record<string, ParamDeclaration>>;

interface ValueOf {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly json: JsonValue;
}

/** What a handler gets for its declared inputs: typed by them, undefined where optional and left out. */
export type ParamValues<Params extends ParamDeclarations> = {
  readonly [Name in keyof Params]:
    | ValueOf[Params[Name]['type']]
    | (Params[Name]['required'] extends true ? never : undefined);
};

/** What `defineAction` takes: an Action whose inputs are an object, and its handler. */
export interface ActionDefinition<Params extends ParamDeclarations> {
  readonly id: string;
  readonly description: string;
  readonly permission: Permission;
  readonly stages: readonly Stage[];
  readonly params?: Params;
  readonly outputs?: ParamDeclarations;
  readonly intents?: readonly IntentPattern[];
  readonly routing?: RoutingSemantics;
  /** Does the work. What it returns is the output, unless it comes from a respond function. */
  readonly handle: (
    params: ParamValues<Params>,
    request: ExecuteRequest,
  ) => JsonValue | ExecuteResponse | Promise<JsonValue | ExecuteResponse>;
}

/** An action that knows how to run: declared once, it feeds info, schema, dispatch and lint. */
export interface RunnableAction extends Action {
  /** Checks and converts the params, then runs the handler. @throws Error that lists every param at fault */
  run(request: ExecuteRequest): Promise<ExecuteResponse>;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** @throws Error with what was expected */
function convert(type: ParamType, text: string): JsonValue {
  switch (type) {
    case 'string':
      return text;
    case 'number': {
      const value = Number(text);
      if (!NUMBER.test(text.trim()) || !Number.isFinite(value)) throw new Error('a number');
      return value;
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new Error('true or false');
      return text === 'true';
    case 'json':
      try {
        return JSON.parse(text) as JsonValue;
      } catch {
        throw new Error('JSON');
      }
    default: {
      const never: never = type;
      throw new TypeError(`unknown param type ${JSON.stringify(never)}`);
    }
  }
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function readParams(declared: ParamDeclarations, sent: ExecuteRequest['params']): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, { type, required }] of Object.entries(declared)) {
    const text = Object.hasOwn(sent, name) ? (sent[name] as string) : '';
    // The engine sends null as empty text, and only text can mean something by being empty.
    if (text === '' && (required || type !== 'string' || !Object.hasOwn(sent, name))) {
      if (required) faults.push(`missing required param: ${name}`);
      continue;
    }
    try {
      values[name] = convert(type, text);
    } catch (error) {
      faults.push(`param ${name}: expected ${(error as Error).message}, got ${shorten(text)}`);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('; '));
  return values;
}

const toSchema = (declared: ParamDeclarations): ParamSchema[] =>
  Object.entries(declared).map(([name, declaration]) => ({ name, ...declaration }));

/**
 * Declares an action once, with a handler whose params are typed by the declaration. Required inputs and
 * number, boolean and JSON values are checked before the handler runs; every fault is told at once, and
 * the caller gets it as a failed step.
 */
export function defineAction<const Params extends ParamDeclarations = Record<never, never>>(
  definition: ActionDefinition<Params>,
): RunnableAction {
  const { params, outputs, handle, ...action } = definition;
  const declared: ParamDeclarations = params ?? {};
  return {
    ...action,
    inputParams: toSchema(declared),
    outputParams: toSchema(outputs ?? {}),
    run: async (request) => {
      const values = readParams(declared, request.params) as ParamValues<Params>;
      const result = await handle(values, request);
      return result instanceof ActionResponse ? result : { output: result as JsonValue };
    },
  };
}
