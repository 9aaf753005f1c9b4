import type { JsonValue, ParamSchema } from '../contract/index.ts';
import type { AgentView, InvokeRequest } from '../control/index.ts';
import { cleanLine, type PromptQuestion } from '../terminal/index.ts';
import type { CommandContext } from './command.ts';

function faultOf({ type, required }: ParamSchema, text: string): string | undefined {
  if (text === '') return required ? 'It is required.' : undefined;
  if (type === 'number' && !Number.isFinite(Number(text))) return 'Expected a number.';
  if (type !== 'json') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return 'Expected JSON.';
  }
}

function toQuestion(param: ParamSchema): PromptQuestion {
  const message = cleanLine(`${param.name}: ${param.description}`);
  if (param.type === 'boolean')
    return { key: param.name, message, choices: ['true', 'false'].map((value) => ({ value, name: value })) };
  return { key: param.name, message, check: (value) => faultOf(param, value) };
}

/** The params that are required and missing. None where it is not clear which action is meant: the engine says so. */
function missingParams(agents: readonly AgentView[], request: InvokeRequest): readonly ParamSchema[] {
  const actions = agents
    .filter((agent) => request.agent === undefined || agent.name === request.agent)
    .flatMap((agent) => agent.actions.filter((action) => action.id === request.action));
  const [action, ...others] = actions;
  if (action === undefined || others.length > 0) return [];
  return action.inputParams.filter((param) => param.required && !Object.hasOwn(request.params, param.name));
}

/** Asks for what is missing, at a terminal. */
export async function completeRequest(
  request: InvokeRequest,
  agents: () => Promise<readonly AgentView[]>,
  { terminal, signal }: CommandContext,
): Promise<InvokeRequest> {
  const missing = missingParams(await agents(), request);
  if (missing.length === 0) return request;
  const asked = await terminal.ask(missing.map(toQuestion), signal);
  const params: Record<string, JsonValue> = Object.assign(Object.create(null), request.params, asked);
  return { ...request, params };
}
