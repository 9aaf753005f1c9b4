/** An engine whose answers never change, with long, wide and hostile texts in them. */
import type {
  AgentView,
  ApprovalView,
  Engine,
  EngineEvent,
  ExecutionRecord,
  TimedEvent,
} from '../../src/engine/index.ts';
import { IDLE_ENGINE } from '../support/idle-engine.ts';

const TENANT = '824a1531-d24a-549c-8003-23b0f2d206cd';
const AT_MS = Date.UTC(2026, 10, 23, 9, 30, 15);
const LONG =
  'Run a PromQL query over a range of time and give the series back. Use this when you want to see how a metric developed, and not only where it stands now.';
const HOSTILE = 'the backend said \u001b]0;owned\u0007\u001b[2J\u202e503\r\nnext line';

const INSTANCE: AgentView['instances'][number] = {
  instanceId: 'f93e1913-f0cc-48ae-a2c2-5a41cf72d5c5',
  pluginId: 'plg_0123456789abcdef',
  address: '127.0.0.1:42213',
  advertisedAddress: 'laptop:42213',
  language: 'typescript',
  health: 'healthy',
  healthMessage: 'ok',
};

const AGENTS: readonly AgentView[] = [
  {
    name: 'log_sleuth',
    version: '0.10.0',
    description: '日志を読む 🔎',
    permission: 'MODIFY',
    tenantId: TENANT,
    health: 'unhealthy',
    stages: ['operate'],
    intents: [],
    promptTemplates: [],
    configParams: [],
    actions: [],
    instances: [
      { ...INSTANCE, instanceId: '0b2c', language: 'go', health: 'unhealthy', healthMessage: HOSTILE },
    ],
  },
  {
    name: 'query_vmetrics',
    version: '1.4.2',
    description: 'Asks VictoriaMetrics for metrics',
    permission: 'READ',
    tenantId: TENANT,
    health: 'healthy',
    stages: ['observe', 'operate'],
    intents: [{ pattern: 'metrics', priority: 1 }],
    promptTemplates: [{ name: 'query_vmetrics_guide', description: 'How to ask for metrics', content: 'x' }],
    configParams: [
      { key: 'url', type: 'string', required: true, description: 'Where VictoriaMetrics listens' },
      { key: 'api_key', type: 'string', required: false, description: 'The key for it', isSecret: true },
    ],
    actions: [
      {
        id: 'range_query',
        description: LONG,
        permission: 'READ',
        stages: ['observe'],
        inputParams: [
          {
            name: 'query',
            type: 'string',
            required: true,
            description: 'The PromQL expression, such as rate(http_requests_total[5m])',
          },
          { name: '間隔', type: 'number', required: false, description: '秒数 ⏱️' },
        ],
        outputParams: [{ name: 'series', type: 'json', required: true, description: 'The series' }],
        intents: [{ pattern: 'memory usage', priority: 5 }, { pattern: 'cpu of' }],
        routing: {
          schemaVersion: '1',
          acceptedIntentDomains: ['metrics'],
          capabilityDomain: 'metrics.range',
          positiveUseCases: ['see a trend'],
        },
      },
    ],
    instances: [INSTANCE],
  },
];

const APPROVAL: ApprovalView = {
  id: 'apr_000000000001',
  origin: 'action',
  tenantId: TENANT,
  executionId: '11111111-2222-4333-8444-555555555555',
  stepId: 's',
  agent: 'log_sleuth',
  action: 'rotate_all_the_logs_of_a_service',
  permission: 'MODIFY',
  params: { service: 'billing', 理由: HOSTILE },
  subjectHash: 'ab'.repeat(32),
  claim: {
    text: LONG,
    context: { ticket: 7 },
    blastRadius: { resourceType: 'pod', scope: 'namespace', reversible: false, summary: '3 pods' },
  },
  requestedAtMs: AT_MS,
  expiresAtMs: AT_MS + 600_000,
  state: 'pending',
  reviewer: '',
  comment: '',
};

const EXECUTION: ExecutionRecord = {
  executionId: '11111111-2222-4333-8444-555555555555',
  stepId: 's',
  tenantId: TENANT,
  agent: 'query_vmetrics',
  action: 'range_query',
  permission: 'READ',
  mode: 'GUIDED',
  params: { query: 'up' },
  timeRange: { startEpochMs: AT_MS - 3_600_000, endEpochMs: AT_MS, timezone: 'UTC' },
  instanceId: INSTANCE.instanceId,
  startedAtMs: AT_MS,
  durationMs: 12,
  outcome: 'succeeded',
  error: '',
  resultJson: '{"series":[{"value":9223372036854775807}]}',
};

const EVENTS: readonly EngineEvent[] = [
  { type: 'registered', agent: 'query_vmetrics', version: '1.4.2', instance: INSTANCE, first: true },
  { type: 'warning', agent: 'log_sleuth', message: HOSTILE },
  { type: 'approval', agent: 'log_sleuth', approval: APPROVAL },
  { type: 'approval', agent: 'log_sleuth', approval: { ...APPROVAL, state: 'denied', reviewer: 'ann' } },
  {
    type: 'executed',
    agent: 'query_vmetrics',
    action: 'range_query',
    result: {
      success: true,
      outcome: 'succeeded',
      resultJson: '1',
      error: '',
      durationMs: 12,
      executionId: 'e',
    },
  },
];
const TIMED = EVENTS.map(
  (event, index): TimedEvent => ({ ...event, seq: index + 1, atMs: AT_MS + index * 1_000 }),
);

const INTENT = { agent: 'query_vmetrics', tenantId: TENANT, kind: 'phrase' } as const;

export const GOLDEN_ENGINE: Engine = {
  ...IDLE_ENGINE,
  agents: () => AGENTS,
  callMethod: async ({ agent, method }) => ({
    agent,
    method,
    instanceId: INSTANCE.instanceId,
    address: INSTANCE.address,
    durationMs: 3,
    responseJson: '{"healthy":true,"message":"ok"}',
  }),
  approvals: () => [
    APPROVAL,
    {
      ...APPROVAL,
      id: 'apr_000000000002',
      action: '再起動',
      state: 'approved',
      reviewer: 'ann',
      decidedAtMs: AT_MS,
    },
  ],
  config: () => ({
    agent: 'query_vmetrics',
    tenantId: TENANT,
    version: 3,
    entries: [
      {
        path: 'plugin.query_vmetrics.url',
        key: 'url',
        type: 'string',
        required: true,
        description: 'Where VictoriaMetrics listens',
        isSecret: false,
        value: 'http://victoria-metrics.monitoring.svc.cluster.local:8428',
        source: 'operator',
      },
      {
        path: 'plugin.query_vmetrics.api_key',
        key: 'api_key',
        type: 'string',
        required: false,
        description: 'The key for it',
        isSecret: true,
        value: '',
        source: 'unset',
      },
    ],
  }),
  history: () => [
    { ...EXECUTION, executionId: '22222222-x', outcome: 'failed', error: HOSTILE, resultJson: 'null' },
    EXECUTION,
  ],
  execution: (id) => (id === EXECUTION.executionId ? EXECUTION : undefined),
  prompts: () => [
    {
      name: 'query_vmetrics_guide',
      version: 2,
      path: '/mirastack/prompts/default/query_vmetrics_guide/v2',
      source: 'agent:query_vmetrics',
      description: 'How to ask for metrics, and which labels there are',
      content: 'x',
      bytes: 1_024,
    },
  ],
  intentReport: () => ({
    overlaps: { overlaps: [], complete: true },
    conflicts: [],
    unrouted: [{ ...INTENT, action: 'range_query', reason: HOSTILE }],
    faults: [],
  }),
  matchIntents: () => [
    {
      ...INTENT,
      action: 'range_query',
      pattern: 'memory usage',
      rank: 1,
      outcome: 'won',
      routed: true,
      reason: 'nothing else matches',
      permission: 'READ',
      matchedText: 'memory usage',
      start: 0,
      length: 12,
      wholeWords: true,
      priority: 5,
    },
  ],
  eventsSince: (seq) => TIMED.filter((event) => event.seq > seq),
};
