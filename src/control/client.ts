import {
  type AgentsAnswer,
  type AgentView,
  type EngineAbout,
  type InvokeRequest,
  type InvokeResult,
  MAX_BODY_BYTES,
  PATHS,
} from './api.ts';
import { ask, notReachable, type Question } from './ask.ts';
import { rebuildError } from './envelope.ts';
import { Refusal } from './refusals.ts';
import type { Session } from './session.ts';

/** A running engine, seen from another process. Every method throws the `UserError` that the engine threw. */
export interface ControlClient {
  engine(): Promise<EngineAbout>;
  agents(): Promise<readonly AgentView[]>;
  /** Cancelling it cancels the call at the agent; it then rejects with the signal's reason. */
  invoke(request: InvokeRequest, options?: { readonly signal?: AbortSignal }): Promise<InvokeResult>;
}

/** Reading is answered from memory; an engine that takes longer is stopped or stuck. An invoke takes its own time. */
const READ_TIMEOUT_MS = 10_000;

type Fields = Readonly<Record<string, unknown>>;

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
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

  return {
    async engine() {
      const question: Question = { method: 'GET', path: PATHS.engine, timeoutMs: READ_TIMEOUT_MS };
      return (await askFor('grpcAddr', question)) as unknown as EngineAbout;
    },
    async agents() {
      const question: Question = { method: 'GET', path: PATHS.agents, timeoutMs: READ_TIMEOUT_MS };
      return ((await askFor('agents', question)) as unknown as AgentsAnswer).agents;
    },
    async invoke(request, { signal } = {}) {
      const body = Buffer.from(JSON.stringify(request));
      // The engine would cut the connection while we still write, and its refusal could be lost.
      if (body.length > MAX_BODY_BYTES) throw new Refusal('body-too-large');
      const question: Question = { method: 'POST', path: PATHS.invoke, body, ...(signal ? { signal } : {}) };
      return (await askFor('success', question)) as unknown as InvokeResult;
    },
  };
}
