import { type Action, checkGates, type PluginInfo, ROUTING_SCHEMA_VERSION } from '../../contract/index.ts';
import { remember } from '../remember.ts';
import type { Place } from '../source/source-file.ts';
import type { ActionFacts, AgentFacts, Fact } from './facts.ts';
import { placeOf } from './facts.ts';

/** What a gate is about: one rule each. */
export type GateKind =
  | 'identity'
  | 'description'
  | 'permission'
  | 'stages'
  | 'actions'
  | 'action-id'
  | 'action-description'
  | 'routing'
  | 'config';

export interface GateFinding {
  readonly kind: GateKind;
  /** The platform's gate text. */
  readonly message: string;
  readonly place: Place | undefined;
}

/** What stands in for what is only known at run time: it passes every gate. */
const SOMETHING = 'computed';

const text = (fact: Fact<string>): string =>
  fact.state === 'known' ? fact.value : fact.state === 'missing' ? '' : SOMETHING;

/** A gate asks whether a permission is set, not which. */
const permission = (fact: Fact<string>): PluginInfo['permission'] | undefined =>
  fact.state === 'missing' || (fact.state === 'known' && fact.value === '') ? undefined : 'READ';

const stages = (fact: Fact<readonly string[]>): readonly 'observe'[] =>
  fact.state === 'missing' || (fact.state === 'known' && fact.value.length === 0) ? [] : ['observe'];

function toAction(action: ActionFacts, index: number): Action {
  const { routing } = action;
  return {
    // An id that is computed is taken to be its own.
    id: action.id.state === 'computed' ? `${SOMETHING}_${index}` : text(action.id),
    description: text(action.description),
    permission: permission(action.permission) as Action['permission'],
    stages: stages(action.stages),
    ...(routing.state === 'known' ? { routing: routing.value } : {}),
  };
}

const PLACEHOLDER: Action = {
  id: SOMETHING,
  description: SOMETHING,
  permission: 'READ',
  stages: ['observe'],
  routing: {
    schemaVersion: ROUTING_SCHEMA_VERSION,
    acceptedIntentDomains: ['a.b'],
    capabilityDomain: 'a.b',
    positiveUseCases: [SOMETHING],
  },
};

/** The platform's gates over what is known of an agent, each with the place it speaks of. */
export const findGateViolations = remember((agent: AgentFacts): readonly GateFinding[] => {
  const actions = agent.actions.items.map(toAction);
  const declaresNone =
    agent.actionsInInfo.state === 'missing' ||
    (agent.actionsInInfo.state === 'known' && agent.actionsInInfo.value === 0);
  // The gate counts what Info has: those that only Schema has are judged all the same.
  const info: PluginInfo = {
    name: text(agent.name),
    version: text(agent.version),
    description: text(agent.description),
    permission: permission(agent.permission) as PluginInfo['permission'],
    devopsStages: stages(agent.stages),
    actions: actions.length === 0 && !declaresNone ? [PLACEHOLDER] : actions,
    configParams: agent.configParams.items.map((param) => ({
      key: text(param.key),
      type: 'string',
      required: false,
      description: text(param.description),
    })),
  };
  const findings = checkGates(info).map((message): GateFinding => locate(message, agent));
  if (declaresNone && actions.length > 0)
    findings.push({
      kind: 'actions',
      message: 'at least one action must be declared',
      place: agent.place,
    });
  return findings;
});

function locate(message: string, agent: AgentFacts): GateFinding {
  const action = /^action\[(\d+)\]/.exec(message)?.[1];
  if (action !== undefined) return locateAction(message, agent.actions.items[Number(action)]);
  const config = /^config_param\[(\d+)\]/.exec(message)?.[1];
  if (config !== undefined)
    return { kind: 'config', message, place: agent.configParams.items[Number(config)]?.place ?? agent.place };
  const at = (kind: GateKind, fact: Fact<unknown>): GateFinding => ({
    kind,
    message,
    place: placeOf(fact, agent.place),
  });
  if (message.startsWith('description')) return at('description', agent.description);
  if (message.startsWith('permission')) return at('permission', agent.permission);
  if (message.includes('stage')) return at('stages', agent.stages);
  if (message.includes('action')) return at('actions', agent.actionsInInfo);
  return at('identity', message.startsWith('version') ? agent.version : agent.name);
}

function locateAction(message: string, action: ActionFacts | undefined): GateFinding {
  const at = (kind: GateKind, fact: Fact<unknown> | undefined): GateFinding => ({
    kind,
    message,
    place: fact === undefined ? action?.place : placeOf(fact, action?.place),
  });
  if (message.includes(': description')) return at('action-description', action?.description);
  if (message.includes(': permission')) return at('permission', action?.permission);
  if (message.includes('DevOps stage')) return at('stages', action?.stages);
  if (message.includes('routing semantics')) return at('routing', action?.routing);
  return at('action-id', action?.id);
}
