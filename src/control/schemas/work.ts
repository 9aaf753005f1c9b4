import { ref, type Schemas } from '../schema.ts';
import {
  anyJson,
  count,
  epochMs,
  flag,
  jsonText,
  list,
  mode,
  name,
  permission,
  record,
  text,
  textMap,
  texts,
  timeoutMs,
  uuid,
} from './words.ts';

const outcome = { type: 'string', enum: ['succeeded', 'failed', 'denied', 'expired', 'cancelled'] } as const;
const approvalState = {
  type: 'string',
  enum: ['pending', 'approved', 'used', 'denied', 'expired', 'cancelled'],
} as const;

/** Executions and approvals. */
export const workSchemas = (): Schemas => ({
  TimeRange: record(
    { startEpochMs: epochMs, endEpochMs: epochMs },
    { timezone: text, originalExpression: text },
  ),
  TimeRequest: record(
    {},
    { expression: text, since: text, from: text, to: text, timezone: text },
    'a stretch of time in words, which the engine parses',
  ),
  InvokeRequest: record(
    { action: name, params: { type: 'object', additionalProperties: anyJson } },
    {
      agent: name,
      timeRange: ref('TimeRange'),
      time: ref('TimeRequest'),
      mode,
      timeoutMs,
      executionId: uuid,
    },
  ),
  InvokeResult: record({
    success: flag,
    outcome,
    resultJson: jsonText,
    error: { type: 'string', description: 'empty when it succeeded' },
    durationMs: count,
    executionId: text,
  }),
  Execution: record(
    {
      executionId: text,
      stepId: text,
      tenantId: text,
      agent: text,
      action: text,
      permission,
      mode,
      params: textMap,
      startedAtMs: epochMs,
      outcome: { type: 'string', enum: ['running', ...outcome.enum] },
      error: text,
      resultJson: jsonText,
    },
    {
      timeRange: ref('TimeRange'),
      caller: { type: 'string', description: 'the agent that called it through CallPlugin' },
      instanceId: text,
      approvalId: text,
      durationMs: count,
      truncated: { type: 'boolean', description: 'a param or the result is kept in part only' },
      published: list(jsonText),
    },
  ),
  Executions: record({ executions: list(ref('Execution')) }),
  ExecutionAnswer: record({ execution: ref('Execution') }),
  BlastRadius: record(
    { resourceType: text, scope: text, reversible: flag, summary: text },
    { resources: texts, estimatedCount: { type: 'number' }, regions: texts },
  ),
  Approval: record(
    {
      id: text,
      origin: { type: 'string', enum: ['action', 'agent'] },
      tenantId: text,
      executionId: text,
      stepId: text,
      agent: text,
      action: text,
      permission,
      params: textMap,
      subjectHash: { type: 'string', description: 'SHA-256 in hex of what a decision is bound to' },
      claim: record({ text }, { context: anyJson, blastRadius: ref('BlastRadius') }),
      requestedAtMs: epochMs,
      expiresAtMs: epochMs,
      state: approvalState,
      reviewer: text,
      comment: text,
    },
    { timeRange: ref('TimeRange'), caller: text, decidedAtMs: epochMs },
  ),
  Approvals: record({ approvals: list(ref('Approval')) }),
  ApprovalAnswer: record({ approval: ref('Approval') }),
  DecisionRequest: record({ approved: flag, reviewer: name }, { comment: text }),
});
