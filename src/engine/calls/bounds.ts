import { type CallContext, type ServiceHandlers, WireError } from '../../wire/index.ts';

/** More than any name or id has. */
const MAX_NAME = 256;
/** More than anybody reads. */
const MAX_PROSE = 64 * 1024;

/** Fields that the engine keeps or repeats, by their names in every message, and how long they may be. */
const MAX_CHARS: Readonly<Record<string, number>> = {
  name: MAX_NAME,
  version: MAX_NAME,
  grpc_addr: MAX_NAME,
  instance_id: MAX_NAME,
  tenant_id: MAX_NAME,
  plugin_name: MAX_NAME,
  caller_plugin: MAX_NAME,
  target_plugin: MAX_NAME,
  action_id: MAX_NAME,
  execution_id: MAX_NAME,
  step_id: MAX_NAME,
  severity: MAX_NAME,
  event_type: MAX_PROSE,
  description: MAX_PROSE,
};

function refuse(field: string, length: number, max: number): never {
  throw new WireError('INVALID_ARGUMENT', `${field}: ${length} characters, and at most ${max} are taken`);
}

function check(request: object, { pluginName = '' }: Pick<CallContext, 'pluginName'>): void {
  if (pluginName.length > MAX_NAME) refuse('x-plugin-name', pluginName.length, MAX_NAME);
  for (const [field, value] of Object.entries(request)) {
    const max = typeof value === 'string' ? MAX_CHARS[field] : undefined;
    if (max !== undefined && value.length > max) refuse(field, value.length, max);
  }
}

type Handlers = ServiceHandlers<'EngineService'>;
type Handler = (request: object, context: CallContext) => unknown;

/** The same handlers, behind a check of what comes in: nobody's names may fill the engine's memory (faults.md T8). */
export function bounded(handlers: Handlers): Handlers {
  const checked = Object.entries(handlers).map(([method, handler]): [string, Handler] => [
    method,
    (request, context) => {
      check(request, context);
      return (handler as Handler)(request, context);
    },
  ]);
  return Object.fromEntries(checked) as Handlers;
}
