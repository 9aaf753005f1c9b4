import type { JsonValue } from '../../contract/index.ts';
import type { Decision, Engine } from '../../engine/index.ts';
import { UserError } from '../../support/errors.ts';
import {
  type ApprovalView,
  type EventsAnswer,
  type ExecutionRecord,
  type InvokeRequest,
  type InvokeResult,
  PATHS,
} from '../api.ts';
import { showEvent } from '../event-text.ts';
import { count, name, text } from '../schemas/words.ts';
import type { Call, Route } from './route.ts';

function answerInvoke({ engine, body, signal }: Call): Promise<InvokeResult> {
  const request = body as InvokeRequest;
  // No prototype: a declared param named `constructor` must count as missing when it is not given.
  const params: Record<string, JsonValue> = Object.assign(Object.create(null), request.params);
  return engine.invoke({ ...request, params }, { signal });
}

const MIN_PREFIX = 4;

/** By its id, or by the beginning of it, as people copy it from a narrow column. */
function findExecution(engine: Engine, id: string): ExecutionRecord {
  const exact = engine.execution(id);
  if (exact !== undefined) return exact;
  const begun =
    id.length < MIN_PREFIX ? [] : engine.history().filter((item) => item.executionId.startsWith(id));
  const [found, ...others] = begun;
  if (found !== undefined && others.length === 0) return found;
  throw new UserError({
    kind: 'usage',
    code: found === undefined ? 'unknown-execution' : 'ambiguous-execution',
    message:
      found === undefined
        ? `There is no execution ${JSON.stringify(id)}.`
        : `${begun.length} executions begin with ${JSON.stringify(id)}.`,
    hint: 'List them with `mirastack-agent history`.',
  });
}

function findApproval(engine: Engine, id: string): ApprovalView {
  const approval = engine.approvals().find((item) => item.id === id);
  if (approval !== undefined) return approval;
  throw new UserError({
    kind: 'usage',
    code: 'unknown-approval',
    message: `There is no request for approval ${JSON.stringify(id)}.`,
    hint: 'List them with `mirastack-agent approval list --all`.',
  });
}

function answerHistory({ engine, query }: Call): { readonly executions: readonly ExecutionRecord[] } {
  const agent = query('agent');
  const limit = query('limit');
  const executions = engine.history().filter((item) => agent === undefined || item.agent === agent);
  return { executions: limit === undefined ? executions : executions.slice(0, Number(limit)) };
}

function answerEvents({ engine, query }: Call): EventsAnswer {
  const since = Number(query('since') ?? 0);
  const events = engine.eventsSince(since);
  return { events: events.map(showEvent), lastSeq: events.at(-1)?.seq ?? since };
}

/** Executions, approvals and events. */
export const workRoutes = (): readonly Route[] => [
  {
    method: 'POST',
    path: PATHS.invoke,
    id: 'invoke',
    summary: 'Executes one action; waits for its approval where it needs one. Hanging up cancels it.',
    body: 'InvokeRequest',
    answer: 'InvokeResult',
    perform: answerInvoke,
  },
  {
    method: 'GET',
    path: PATHS.history,
    id: 'listExecutions',
    summary: 'The executions that are known, newest first.',
    query: { agent: name, limit: count },
    answer: 'Executions',
    perform: answerHistory,
  },
  {
    method: 'GET',
    path: PATHS.execution,
    id: 'getExecution',
    summary: 'One execution, by its id or a beginning of it that no other has.',
    answer: 'ExecutionAnswer',
    perform: ({ engine, part }) => ({ execution: findExecution(engine, part('id')) }),
  },
  {
    method: 'GET',
    path: PATHS.approvals,
    id: 'listApprovals',
    summary: 'The requests for approval that are known, newest first.',
    query: { state: text },
    answer: 'Approvals',
    perform: ({ engine, query }) => {
      const state = query('state');
      return {
        approvals: engine.approvals().filter((item) => state === undefined || item.state === state),
      };
    },
  },
  {
    method: 'GET',
    path: PATHS.approval,
    id: 'getApproval',
    summary: 'One request for approval.',
    answer: 'ApprovalAnswer',
    perform: ({ engine, part }) => ({ approval: findApproval(engine, part('id')) }),
  },
  {
    method: 'POST',
    path: PATHS.decision,
    id: 'decide',
    summary: 'Approves or rejects a pending request, once and for all.',
    body: 'DecisionRequest',
    answer: 'ApprovalAnswer',
    perform: async ({ engine, part, body }) => ({
      approval: await engine.decide(part('id'), body as Decision),
    }),
  },
  {
    method: 'GET',
    path: PATHS.events,
    id: 'listEvents',
    summary: 'The kept events after a number, oldest first.',
    query: { since: count },
    answer: 'Events',
    perform: answerEvents,
  },
  {
    method: 'GET',
    path: PATHS.stream,
    id: 'followEvents',
    summary:
      'Server-sent events, each with its number as id; resumes after `Last-Event-ID` or `since`, else begins now. ' +
      'A client that stops reading is dropped.',
    query: { since: count },
    answer: 'Event',
    perform: 'stream',
  },
];
