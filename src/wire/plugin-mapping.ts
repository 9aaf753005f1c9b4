import {
  type Action,
  type ConfigParam,
  deriveRouting,
  type IntentPattern,
  normaliseRouting,
  type ParamSchema,
  type ParamType,
  type PluginInfo,
  type RoutingSemantics,
  type Stage,
  type TimeRange,
} from '../contract/index.ts';
import { PLUGIN_TYPE_AGENT, permissionCodec, stageCodec } from './enums.ts';
import type * as messages from './generated/messages.ts';
import { parseJsonText } from './json-text.ts';
import type { Sparse } from './messages.ts';
import { WireError } from './status.ts';

/** The SDKs derive confidence from priority and never clamp it (protocol.md §3.3). */
const CONFIDENCE_PER_PRIORITY = 10;

function intentToMessage(intent: IntentPattern): Sparse<messages.IntentPattern> {
  // Go refuses the whole Info for one fraction.
  const priority = Math.round(intent.priority ?? 0);
  return {
    pattern: intent.pattern,
    confidence: priority / CONFIDENCE_PER_PRIORITY,
    description: intent.description || undefined,
    priority: priority === 0 ? undefined : priority,
  };
}

/** A word that is no stage must not travel as UNSPECIFIED. */
const stagesToWire = (stages: readonly Stage[]): number[] =>
  stages.map(stageCodec.toWire).filter((number) => number > 0);

function intentFromMessage(message: messages.IntentPattern): IntentPattern {
  return {
    pattern: message.pattern,
    ...(message.description ? { description: message.description } : {}),
    priority: message.priority ?? Math.round(message.confidence * CONFIDENCE_PER_PRIORITY),
  };
}

/** Param lists travel as JSON with capitalised keys, as Go writes structs without tags (protocol.md §3.1). */
function paramsToBytes(params: readonly ParamSchema[] | undefined): Uint8Array {
  if (params === undefined || params.length === 0) return new Uint8Array();
  const list = params.map(({ name, type, required, description }) => ({
    Name: name,
    Type: type,
    Required: required,
    Description: description,
  }));
  return Buffer.from(JSON.stringify(list), 'utf8');
}

/** Python writes the same keys in lower case. */
function paramFromJson(item: unknown, path: string): ParamSchema {
  if (typeof item !== 'object' || item === null)
    throw new WireError('INVALID_ARGUMENT', `${path}: expected an object`);
  const byKey = new Map(Object.entries(item).map(([key, value]) => [key.toLowerCase(), value as unknown]));
  const text = (key: string) => {
    const value = byKey.get(key) ?? '';
    if (typeof value !== 'string')
      throw new WireError('INVALID_ARGUMENT', `${path}.${key}: expected a string`);
    return value;
  };
  return {
    name: text('name'),
    // Nobody checks the vocabulary on the wire; lint does.
    type: text('type') as ParamType,
    required: byKey.get('required') === true,
    description: text('description'),
  };
}

function paramsFromBytes(bytes: Uint8Array, path: string): readonly ParamSchema[] {
  if (bytes.length === 0) return [];
  const list = parseJsonText(bytes, path);
  if (list === null) return [];
  if (!Array.isArray(list)) throw new WireError('INVALID_ARGUMENT', `${path}: expected a JSON array`);
  return list.map((item, index) => paramFromJson(item, `${path}[${index}]`));
}

/** Sends the normalised form, or the raw one where it is invalid and a gate will say so. */
function routingToMessage(routing: RoutingSemantics): Sparse<messages.RoutingSemantics> {
  const result = normaliseRouting(routing);
  const sent = result.ok ? result.routing : routing;
  return {
    schema_version: sent.schemaVersion,
    accepted_intent_domains: sent.acceptedIntentDomains,
    capability_domain: sent.capabilityDomain,
    positive_use_cases: sent.positiveUseCases,
    negative_use_cases: sent.negativeUseCases,
    signal_domains: sent.signalDomains,
    backend_domains: sent.backendDomains,
    entity_types: sent.entityTypes,
  };
}

function routingFromMessage(message: messages.RoutingSemantics): RoutingSemantics {
  return {
    schemaVersion: message.schema_version,
    acceptedIntentDomains: message.accepted_intent_domains,
    capabilityDomain: message.capability_domain,
    positiveUseCases: message.positive_use_cases,
    negativeUseCases: message.negative_use_cases,
    signalDomains: message.signal_domains,
    backendDomains: message.backend_domains,
    entityTypes: message.entity_types,
  };
}

/** One action as it travels; routing semantics that the author left out are derived. */
function actionToMessage(agent: Pick<PluginInfo, 'name'>, action: Action): Sparse<messages.ActionDef> {
  return {
    id: action.id,
    description: action.description,
    permission: permissionCodec.toWire(action.permission),
    stages: stagesToWire(action.stages),
    intents: (action.intents ?? []).map(intentToMessage),
    input_params: paramsToBytes(action.inputParams),
    output_params: paramsToBytes(action.outputParams),
    routing_semantics: routingToMessage(action.routing ?? deriveRouting(agent, action)),
  };
}

/** A permission or stage that the peer did not set stays unset, for the gates to find. */
function actionFromMessage(message: messages.ActionDef, path: string): Action {
  return {
    id: message.id,
    description: message.description,
    permission: permissionCodec.fromWire(message.permission) as Action['permission'],
    stages: message.stages.flatMap((stage) => stageCodec.fromWire(stage) ?? []),
    intents: message.intents.map(intentFromMessage),
    inputParams: paramsFromBytes(message.input_params, `${path}.input_params`),
    outputParams: paramsFromBytes(message.output_params, `${path}.output_params`),
    ...(message.routing_semantics ? { routing: routingFromMessage(message.routing_semantics) } : {}),
  };
}

/** The actions of a GetSchema or Info message. */
export function actionsToMessage(
  agent: Pick<PluginInfo, 'name'>,
  actions: readonly Action[],
): Sparse<messages.ActionDef>[] {
  return actions.map((action) => actionToMessage(agent, action));
}

/** The actions a peer declared. @throws WireError INVALID_ARGUMENT with the path of what does not fit */
export function actionsFromMessage(actions: readonly messages.ActionDef[]): Action[] {
  return actions.map((action, index) => actionFromMessage(action, `actions[${index}]`));
}

function configParamToMessage(param: ConfigParam): messages.ConfigParamSchema {
  return {
    key: param.key,
    type: param.type,
    required: param.required,
    default: param.default ?? '',
    description: param.description,
    is_secret: param.isSecret ?? false,
  };
}

function configParamFromMessage(message: messages.ConfigParamSchema): ConfigParam {
  return {
    key: message.key,
    type: message.type as ConfigParam['type'],
    required: message.required,
    default: message.default,
    description: message.description,
    isSecret: message.is_secret,
  };
}

/** What an agent's Info answers. */
export function infoToMessage(info: PluginInfo, instanceId: string): Sparse<messages.InfoResponse> {
  return {
    name: info.name,
    version: info.version,
    description: info.description,
    type: PLUGIN_TYPE_AGENT,
    permission: permissionCodec.toWire(info.permission),
    devops_stages: stagesToWire(info.devopsStages),
    default_intents: (info.intents ?? []).map(intentToMessage),
    actions: actionsToMessage(info, info.actions),
    prompt_templates: (info.promptTemplates ?? []).map(({ name, description, content }) => ({
      name,
      description,
      content,
    })),
    config_schema: (info.configParams ?? []).map(configParamToMessage),
    instance_id: instanceId,
  };
}

/**
 * What a peer's Info says. A permission that it left unset is undefined in spite of the type, so that
 * `checkGates` reports it. @throws WireError INVALID_ARGUMENT with the path of what does not fit
 */
export function infoFromMessage(message: messages.InfoResponse): PluginInfo {
  return {
    name: message.name,
    version: message.version,
    description: message.description,
    permission: permissionCodec.fromWire(message.permission) as PluginInfo['permission'],
    devopsStages: message.devops_stages.flatMap((stage) => stageCodec.fromWire(stage) ?? []),
    actions: actionsFromMessage(message.actions),
    intents: message.default_intents.map(intentFromMessage),
    promptTemplates: message.prompt_templates,
    configParams: message.config_schema.map(configParamFromMessage),
  };
}

/** A time range as it travels: whole UTC milliseconds. */
export function timeRangeToMessage(range: TimeRange): messages.TimeRange {
  return {
    start_epoch_ms: range.startEpochMs,
    end_epoch_ms: range.endEpochMs,
    timezone: range.timezone,
    original_expression: range.originalExpression,
  };
}

/** A time range as the agent reads it. */
export function timeRangeFromMessage(message: messages.TimeRange): TimeRange {
  return {
    startEpochMs: Number(message.start_epoch_ms),
    endEpochMs: Number(message.end_epoch_ms),
    ...(message.timezone ? { timezone: message.timezone } : {}),
    ...(message.original_expression ? { originalExpression: message.original_expression } : {}),
  };
}
