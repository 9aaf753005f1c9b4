import type { JsonValue } from '../contract/index.ts';
import type { Decision } from '../engine/index.ts';
import {
  type AgentDetail,
  type AgentView,
  type ApprovalView,
  type CacheAnswer,
  type CacheSetAnswer,
  type ConfigChangeAnswer,
  type ConfigView,
  type EngineAbout,
  type EventGap,
  type EventsAnswer,
  type ExecutionRecord,
  type HealthReport,
  type IntentReport,
  type InvokeRequest,
  type InvokeResult,
  MAX_BODY_BYTES,
  PATHS,
  type PromptView,
  type RawAnswer,
  type RawCall,
  type ShownEvent,
} from './api.ts';
import { ask, notReachable, type Question } from './ask.ts';
import { rebuildError } from './envelope.ts';
import { followEvents } from './event-client.ts';
import { Refusal } from './refusals.ts';
import type { Session } from './session.ts';

type MatchCandidates = ReturnType<import('../engine/index.ts').Engine['matchIntents']>;

/** What may end a question early. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A running engine, seen from another process. Every method throws the `UserError` that the engine threw. */
export interface ControlClient {
  engine(): Promise<EngineAbout>;
  agents(): Promise<readonly AgentView[]>;
  agent(name: string): Promise<AgentDetail>;
  /** Asks every instance now. */
  health(agent: string, options?: AskOptions): Promise<HealthReport>;
  /** Cancelling it cancels the call at the agent; it then rejects with the signal's reason. */
  invoke(request: InvokeRequest, options?: AskOptions): Promise<InvokeResult>;
  callMethod(call: RawCall, options?: AskOptions): Promise<RawAnswer>;
  config(agent: string): Promise<ConfigView>;
  /** @param value null goes back to the default */
  setConfig(
    agent: string,
    key: string,
    value: string | null,
    options?: AskOptions,
  ): Promise<ConfigChangeAnswer>;
  /** Newest first; of one state, or of all. */
  approvals(state?: ApprovalView['state']): Promise<readonly ApprovalView[]>;
  approval(id: string): Promise<ApprovalView>;
  decide(id: string, decision: Decision): Promise<ApprovalView>;
  prompts(): Promise<readonly PromptView[]>;
  prompt(name: string, version?: number): Promise<PromptView>;
  setPrompt(name: string, content: string): Promise<PromptView>;
  renderPrompt(name: string, data: JsonValue, version?: number): Promise<string>;
  intentReport(): Promise<IntentReport>;
  matchIntents(text: string): Promise<MatchCandidates>;
  cacheGet(key: string, tenantId?: string): Promise<CacheAnswer>;
  /** @param ttlSeconds whole seconds, 0 never expires */
  cacheSet(key: string, value: Uint8Array, ttlSeconds: number, tenantId?: string): Promise<CacheSetAnswer>;
  /** Newest first. */
  executions(filter?: {
    readonly agent?: string;
    readonly limit?: number;
  }): Promise<readonly ExecutionRecord[]>;
  /** By its id or the beginning of it. */
  execution(id: string): Promise<ExecutionRecord>;
  /** The kept events after a number. */
  events(since?: number): Promise<EventsAnswer>;
  /**
   * Every event after a number, or from now on, until the signal fires; a lost connection is taken up again where
   * it broke. Ends by throwing the signal's reason, or what says that the engine is gone.
   */
  follow(options: {
    readonly since?: number;
    readonly signal: AbortSignal;
  }): AsyncGenerator<ShownEvent | EventGap, never, void>;
}

/** Reading is answered from memory; an engine that takes longer is stopped or stuck. Work takes its own time. */
const READ_TIMEOUT_MS = 10_000;

type Fields = Readonly<Record<string, unknown>>;
type Parts = Readonly<Record<string, string>>;
type Query = Readonly<Record<string, string | number | undefined>>;

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** A path of the API with its parts and query filled in. */
function fillPath(pattern: string, parts: Parts, query: Query = {}): string {
  const path = pattern.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(parts[name] ?? ''));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path;
}

/** A client of the engine that a session names. It connects anew for every question and keeps nothing open. */
export function connectControl(session: Pick<Session, 'controlUrl' | 'token'>): ControlClient {
  const { controlUrl, token } = session;

  /** The object answered, when it has the field that tells our API from another program on that port. */
  async function askFor(field: string, question: Question): Promise<Fields> {
    const reply = await ask(controlUrl, token, question);
    const answer = parseObject(reply.text);
    if (reply.status === 200 && answer && field in answer) return answer;
    throw (
      rebuildError(answer, controlUrl) ??
      notReachable(controlUrl, `what answers there, with status ${reply.status}, is not an engine of ours`)
    );
  }

  const read = async <Answer>(field: string, pattern: string, parts: Parts = {}, query?: Query) =>
    (await askFor(field, {
      method: 'GET',
      path: fillPath(pattern, parts, query),
      timeoutMs: READ_TIMEOUT_MS,
    })) as unknown as Answer;

  async function work<Answer>(
    field: string,
    pattern: string,
    parts: Parts,
    value: unknown,
    { signal }: AskOptions = {},
  ): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(value));
    // The engine would cut the connection while we still write, and its refusal could be lost.
    if (body.length > MAX_BODY_BYTES) throw new Refusal('body-too-large');
    const path = fillPath(pattern, parts);
    return (await askFor(field, {
      method: 'POST',
      path,
      body,
      ...(signal ? { signal } : {}),
    })) as unknown as Answer;
  }

  return {
    engine: () => read<EngineAbout>('grpcAddr', PATHS.engine),
    agents: async () => (await read<{ agents: AgentView[] }>('agents', PATHS.agents)).agents,
    agent: (agent) => read<AgentDetail>('agent', PATHS.agent, { agent }),
    health: (agent, options) => work<HealthReport>('instances', PATHS.health, { agent }, {}, options),
    invoke: (request, options) => work<InvokeResult>('success', PATHS.invoke, {}, request, options),
    callMethod: ({ agent, ...call }, options) =>
      work<RawAnswer>('responseJson', PATHS.call, { agent }, call, options),
    config: (agent) => read<ConfigView>('entries', PATHS.config, { agent }),
    setConfig: (agent, key, value, options) =>
      work<ConfigChangeAnswer>('answers', PATHS.config, { agent }, { key, value }, options),
    approvals: async (state) =>
      (await read<{ approvals: ApprovalView[] }>('approvals', PATHS.approvals, {}, { state })).approvals,
    approval: async (id) =>
      (await read<{ approval: ApprovalView }>('approval', PATHS.approval, { id })).approval,
    decide: async (id, decision) =>
      (await work<{ approval: ApprovalView }>('approval', PATHS.decision, { id }, decision)).approval,
    prompts: async () => (await read<{ prompts: PromptView[] }>('prompts', PATHS.prompts)).prompts,
    prompt: async (name, version) =>
      (await read<{ prompt: PromptView }>('prompt', PATHS.prompt, { name }, { version })).prompt,
    setPrompt: async (name, content) =>
      (await work<{ prompt: PromptView }>('prompt', PATHS.prompt, { name }, { content })).prompt,
    renderPrompt: async (name, data, version) =>
      (await work<{ text: string }>('text', PATHS.render, { name }, { data, version })).text,
    intentReport: () => read<IntentReport>('overlaps', PATHS.intents),
    matchIntents: async (text) =>
      (await work<{ candidates: MatchCandidates }>('candidates', PATHS.match, {}, { text })).candidates,
    cacheGet: (key, tenantId) => read<CacheAnswer>('found', PATHS.cache, {}, { key, tenantId }),
    cacheSet: (key, value, ttlSeconds, tenantId) =>
      work<CacheSetAnswer>(
        'bytes',
        PATHS.cache,
        {},
        { key, valueBase64: Buffer.from(value).toString('base64'), ttlSeconds, tenantId },
      ),
    executions: async (filter = {}) =>
      (await read<{ executions: ExecutionRecord[] }>('executions', PATHS.history, {}, { ...filter }))
        .executions,
    execution: async (id) =>
      (await read<{ execution: ExecutionRecord }>('execution', PATHS.execution, { id })).execution,
    events: (since) => read<EventsAnswer>('events', PATHS.events, {}, { since }),
    follow: (options) => followEvents(controlUrl, token, options),
  };
}
