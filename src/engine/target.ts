import type { Action, JsonValue, ParamSchema } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';
import { suggestName } from '../support/nearest.ts';
import { longInteger, stringifyExact } from '../wire/index.ts';
import { isJson } from './is-json.ts';
import { type Agent, infoOf, type Registry } from './registry.ts';

/** What an execute is aimed at. */
export interface Target {
  readonly agent: Agent;
  readonly action: Action;
}

const usage = (code: string, message: string, hint?: string) =>
  new UserError({ kind: 'usage', code, message, ...(hint === undefined ? {} : { hint }) });

const nameOf = (agent: Agent): string => infoOf(agent).name;
const tenantOf = (agent: Agent): string => agent[0]?.tenantId ?? '';

/** Every agent of a name, one for each tenant it serves. @throws UserError unknown-agent */
function agentsNamed(registry: Registry, name: string): Agent[] {
  const named = registry.named(name);
  if (named.length > 0) return named;
  const agents = registry.agents();
  throw usage(
    'unknown-agent',
    `No agent named ${JSON.stringify(name)} is registered.`,
    agents.length > 0
      ? `${suggestName(name, agents.map(nameOf))}Registered: ${agents.map(nameOf).join(', ')}.`
      : 'No agent is registered.',
  );
}

/** The one agent of a name. @throws UserError unknown-agent, ambiguous-agent */
export function findAgent(registry: Registry, name: string): Agent {
  const [agent, ...others] = agentsNamed(registry, name);
  if (others.length > 0)
    throw usage(
      'ambiguous-agent',
      `Several tenants have an agent named ${name}.`,
      'Run one engine for each tenant.',
    );
  return agent as Agent;
}

/** The action of an agent, or undefined. */
export function actionOf(agent: Agent, id: string): Action | undefined {
  return infoOf(agent).actions.find((action) => action.id === id);
}

/** Finds the one agent that offers the action. @throws UserError unknown-agent, unknown-action, ambiguous-action */
export function findTarget(
  registry: Registry,
  request: { readonly agent?: string; readonly action: string },
): Target {
  const named = request.agent === undefined ? registry.agents() : agentsNamed(registry, request.agent);
  const targets = named.flatMap((agent) => {
    const action = actionOf(agent, request.action);
    return action === undefined ? [] : [{ agent, action }];
  });
  const [target, ...others] = targets;
  if (target === undefined) {
    const known = named.flatMap((agent) => infoOf(agent).actions.map((action) => action.id));
    throw usage(
      'unknown-action',
      `No registered agent offers the action ${JSON.stringify(request.action)}.`,
      known.length > 0
        ? `${suggestName(request.action, known)}Offered: ${known.join(', ')}.`
        : 'No action is offered: is the agent registered?',
    );
  }
  if (others.length > 0)
    throw usage(
      'ambiguous-action',
      `Several agents offer the action ${JSON.stringify(request.action)}: ${targets.map((item) => nameOf(item.agent)).join(', ')}.`,
      request.agent === undefined
        ? 'Name one with --agent.'
        : `They serve the tenants ${targets.map((item) => tenantOf(item.agent)).join(' and ')}; run one engine for each.`,
    );
  return target;
}

/** The Go SDK reads params as strings and nothing else (protocol.md §3.2). Long integers keep every digit. */
function toParamText(value: JsonValue): string {
  if (typeof value === 'string') return String(longInteger(value) ?? value);
  return value === null ? '' : stringifyExact(value);
}

/** The param that the engine fills in itself (protocol.md §3.2): an agent that declares it gets no other value. */
export const ACTION_PARAM = 'action';

/** What the text must be to be read as the declared type; undefined when it is that. */
function expectedOf({ type }: ParamSchema, text: string): string | undefined {
  switch (type) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? undefined : 'a number';
    case 'boolean':
      return text === 'true' || text === 'false' ? undefined : 'true or false';
    case 'json':
      return isJson(text) ? undefined : 'JSON';
    default:
      // `string` takes anything, and so does a word we do not know: the wire does not check it (protocol.md §3.1).
      return undefined;
  }
}

/**
 * Checks params against what the action declares, and gives them as they travel. An optional one that is empty counts
 * as left out.
 * @throws UserError unknown-param, missing-param, bad-param
 */
export function toParamTexts(
  { agent, action }: Target,
  params: { readonly [name: string]: JsonValue },
): Record<string, string> {
  const declared = (action.inputParams ?? []).filter((param) => param.name !== ACTION_PARAM);
  const place = `the action ${action.id} of ${nameOf(agent)}`;
  const names = declared.map((param) => param.name);
  const hint = names.length > 0 ? `It takes ${names.join(', ')}.` : 'It takes no params.';
  const unknown = Object.keys(params).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw usage('unknown-param', `Unknown param ${unknown.join(', ')} for ${place}.`, hint);
  const missing = declared.filter((param) => param.required && !Object.hasOwn(params, param.name));
  if (missing.length > 0)
    throw usage(
      'missing-param',
      `Missing required param ${missing.map((param) => param.name).join(', ')} for ${place}.`,
      hint,
    );
  const texts: Record<string, string> = Object.create(null);
  for (const param of declared) {
    if (!Object.hasOwn(params, param.name)) continue;
    const text = toParamText(params[param.name] as JsonValue);
    texts[param.name] = text;
    const expected = text === '' && !param.required ? undefined : expectedOf(param, text);
    if (expected !== undefined)
      throw usage(
        'bad-param',
        `The param ${param.name} of ${place} must be ${expected}, and ${JSON.stringify(text.slice(0, 60))} is not.`,
        hint,
      );
  }
  return texts;
}
