import { ref, type Schemas } from '../schema.ts';
import {
  count,
  flag,
  health,
  integer,
  list,
  name,
  permission,
  record,
  stages,
  text,
  texts,
} from './words.ts';

/** What agents look like. */
export const agentSchemas = (): Schemas => ({
  Intent: record({ pattern: text }, { description: text, priority: { type: 'number' } }),
  Param: record({ name: text, type: text, required: flag, description: text }),
  Routing: record(
    {
      schemaVersion: text,
      acceptedIntentDomains: texts,
      capabilityDomain: text,
      positiveUseCases: texts,
    },
    { negativeUseCases: texts, signalDomains: texts, backendDomains: texts, entityTypes: texts },
  ),
  Action: record(
    {
      id: text,
      description: text,
      permission,
      stages,
      inputParams: list(ref('Param')),
      outputParams: list(ref('Param')),
      intents: list(ref('Intent')),
    },
    { routing: ref('Routing') },
  ),
  ConfigParam: record(
    { key: text, type: text, required: flag, description: text },
    { default: text, isSecret: flag },
  ),
  PromptTemplate: record({ name: text, description: text, content: text }),
  Instance: record(
    {
      instanceId: text,
      pluginId: text,
      address: { type: 'string', description: '`host:port` the engine reaches it at' },
      advertisedAddress: text,
      language: { type: 'string', enum: ['go', 'python', 'typescript', 'unknown'] },
      health,
      healthMessage: text,
    },
    { notExecutable: { type: 'string', description: 'why its SDK cannot serve Execute' } },
  ),
  Agent: record({
    name: text,
    version: text,
    description: text,
    permission,
    tenantId: text,
    health,
    stages,
    intents: list(ref('Intent')),
    promptTemplates: list(ref('PromptTemplate')),
    configParams: list(ref('ConfigParam')),
    actions: list(ref('Action')),
    instances: list(ref('Instance')),
  }),
  LastError: record({
    atMs: count,
    source: { type: 'string', enum: ['execution', 'health', 'warning'] },
    message: text,
  }),
  Engine: record({ grpcAddr: text, tenantIds: texts, pid: integer, version: text }),
  Agents: record({ agents: list(ref('Agent')) }),
  AgentDetail: record({
    agent: ref('Agent'),
    lastError: { anyOf: [ref('LastError'), { type: 'null' }] },
  }),
  HealthReport: record({
    agent: text,
    health,
    instances: list(record({ instanceId: text, address: text, health, message: text, durationMs: count })),
  }),
  RawCallRequest: record(
    { method: { type: 'string', enum: ['Info', 'GetSchema', 'Execute', 'HealthCheck', 'ConfigUpdated'] } },
    {
      requestJson: { type: 'string', description: 'the message as JSON text, fields named as in `proto/`' },
      instanceId: name,
      timeoutMs: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1, description: 'milliseconds' },
    },
  ),
  RawCallAnswer: record({
    agent: text,
    method: text,
    instanceId: text,
    address: text,
    durationMs: count,
    responseJson: { type: 'string', description: 'the answer as JSON text' },
  }),
});
