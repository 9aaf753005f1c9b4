import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../src/engine/index.ts';
import { callRaw, type RawServer, serveRaw } from '../support/raw-grpc.ts';
import {
  type AgentLine,
  loadTranscripts,
  normaliseMessage,
  type Transcript,
} from '../support/transcripts.ts';
import { TENANT } from './support.ts';

const transcripts = loadTranscripts();

const isPython = ({ name }: Transcript): boolean => name.startsWith('python');
const parse = (text: string): Record<string, unknown> => JSON.parse(text);

/** What both recordings were given to read. */
const KPI = {
  id: 'k1',
  tenantId: TENANT,
  name: 'Latency',
  query: 'q',
  integrationId: 'i1',
  kind: 'technical',
  layer: 'gold',
  sentiment: 'negative',
  classifier: 'c',
  definition: 'd',
  createdAt: 1,
  updatedAt: 2,
};

/** Bytes as the SDK reads them out of an answer: Go takes base64 and nothing else, Python the text as it stands. */
const asBytes = (transcript: Transcript, text: string): string =>
  isPython(transcript) ? text : Buffer.from(text, 'utf8').toString('base64');

/** What this engine answers where the recording's engine had other data. What is left out is as recorded. */
function ownAnswers(transcript: Transcript): Record<string, unknown[]> {
  const config = isPython(transcript) ? {} : { url: 'http://mine' };
  const value = isPython(transcript) ? 'text' : 'dgD/';
  const called = asBytes(transcript, '{"n":1.50,"s":"x"}');
  const callAnswer = { success: true, result_json: called };
  return {
    RegisterPlugin: [{ success: true, plugin_id: expect.stringMatching(/^plg_[0-9a-f]+$/) as unknown }],
    GetConfig: [
      {
        ...(isPython(transcript) ? {} : { config }),
        version: expect.any(Number) as unknown,
        config_json: JSON.stringify(config),
      },
    ],
    CacheGet: [{ value, found: true }],
    // The recording asks for keys that it never set.
    CacheGetBatch: [{ entries: [{ key: 'a' }, { key: 'b' }] }],
    RequestApproval: [
      { approved: true, reviewer: 'policy', comment: 'as recorded' },
      { reviewer: 'policy', comment: 'never' },
    ],
    CallPlugin: [callAnswer, callAnswer],
    Heartbeat: [{ acknowledged: true }],
  };
}

interface Registration {
  readonly name: string;
  readonly instance_id: string;
  readonly grpc_addr: string;
}

function readRegistration({ lines }: Transcript): Registration {
  const line = lines.find((item) => item.from === 'agent' && item.method === 'RegisterPlugin');
  return parse(line?.raw ?? '') as unknown as Registration;
}

const agentLines = ({ lines }: Transcript): AgentLine[] =>
  lines.flatMap((line) => (line.from === 'agent' ? [line] : []));

/** Answers as the recorded agent did: to the first line of the method, byte for byte, its failures included. */
function serveRecorded({ lines }: Transcript, agentPort = 0): Promise<RawServer> {
  return serveRaw(({ path }) => {
    const method = path.slice(path.lastIndexOf('/') + 1);
    const line = lines.find((item) => item.from === 'engine' && item.method === method);
    if (line?.from !== 'engine') return { status: 12, message: `nothing recorded of ${method}` };
    const { headers, trailers, raw } = line.reply;
    return {
      ...(raw === null ? {} : { body: raw }),
      status: Number(trailers['grpc-status'] ?? headers['grpc-status']),
      message: decodeURIComponent(trailers['grpc-message'] ?? headers['grpc-message'] ?? ''),
      contentType: headers['content-type'] ?? 'application/grpc',
    };
  }, agentPort);
}

/** The agent that the recorded ones call: as much of one as the calls need. */
function serveOther(): Promise<RawServer> {
  const action = {
    id: 'x',
    description: 'Does what the recording asks for.',
    permission: 1,
    stages: [8],
    intents: [],
    input_params: Buffer.from(
      JSON.stringify(
        ['q', 'n', 'o'].map((Name) => ({ Name, Type: 'json', Required: false, Description: Name })),
      ),
    ).toString('base64'),
  };
  const info = {
    name: 'other',
    version: '1.0.0',
    description: 'The other agent',
    type: 1,
    permission: 1,
    devops_stages: [8],
    default_intents: [],
    actions: [action],
  };
  const answers: Record<string, unknown> = {
    Info: info,
    GetSchema: { actions: [action] },
    HealthCheck: { healthy: true, message: 'ok' },
    Execute: { success: true, result_json: Buffer.from('{"n":1.50,"s":"x"}').toString('base64') },
  };
  return serveRaw(({ path }) => ({
    body: JSON.stringify(answers[path.slice(path.lastIndexOf('/') + 1)] ?? {}),
  }));
}

describe.each(transcripts)('every line that the agent of $name sent', (transcript) => {
  const own = ownAnswers(transcript);
  let engine: Engine;
  let agent: RawServer;
  let other: RawServer;

  /** Sends a line as it was recorded, its headers included; only where the agent listens is another place now. */
  function send(line: Pick<AgentLine, 'method' | 'headers' | 'raw'>) {
    const { 'content-type': contentType, ...headers } = line.headers;
    const kept = Object.entries(headers).filter(([key]) => !key.startsWith(':') && key !== 'te');
    const body = line.raw?.replace(/agent\.example:\d+/, `127.0.0.1:${agent.port}`) ?? null;
    return callRaw({
      port: Number(engine.address.split(':')[1]),
      path: `/mirastack.plugin.v1.EngineService/${line.method}`,
      contentType: contentType ?? null,
      headers: Object.fromEntries(kept),
      body,
    });
  }

  beforeAll(async () => {
    agent = await serveRecorded(transcript);
    other = await serveOther();
    engine = await startEngine({
      tenantIds: [TENANT],
      kpis: [KPI],
      policy: {
        rules: [
          { permission: 'ADMIN', decision: 'deny', comment: 'never' },
          { decision: 'approve', comment: 'as recorded' },
        ],
      },
    });
    const [registration] = agentLines(transcript);
    const joined = await send({
      ...(registration as AgentLine),
      raw: JSON.stringify({
        ...readRegistration(transcript),
        name: 'other',
        instance_id: '7c0ff8a2-6a2e-4f1c-8d3a-0d7a7e5c9b11',
        grpc_addr: `127.0.0.1:${other.port}`,
      }),
      headers: { 'content-type': 'application/grpc+json' },
    });
    expect(parse(joined.body?.toString() ?? '')).toMatchObject({ success: true });
  });
  afterAll(async () => {
    await engine.stop();
    await Promise.all([agent.close(), other.close()]);
  });

  const counts = new Map<string, number>();
  const numbered = agentLines(transcript).map((line, at) => {
    const index = counts.get(line.method) ?? 0;
    counts.set(line.method, index + 1);
    return { at: at + 1, method: line.method, index, line };
  });

  test('the recording has every method of the engine', () => {
    expect([...counts.keys()].sort()).toEqual([
      'CacheGet',
      'CacheGetBatch',
      'CacheSet',
      'CallPlugin',
      'DeregisterPlugin',
      'GetConfig',
      'GetKPI',
      'Heartbeat',
      'ListKPIs',
      'LogEvent',
      'PublishResult',
      'RegisterPlugin',
      'RequestApproval',
    ]);
  });

  // In the order of the recording: each line needs what those before it left.
  test.each(numbered)('line $at: $method', async ({ method, index, line }) => {
    const reply = await send(line);
    expect([method, reply.status]).toEqual([method, 0]);
    expect(String(reply.headers['content-type'])).toMatch(/^application\/grpc/);
    const answer = normaliseMessage(parse(reply.body?.toString('utf8') ?? ''));
    expect({ ...(answer as object), duration_ms: 0 }).toEqual({
      ...((own[method]?.[index] ?? normaliseMessage(line.answered)) as object),
      duration_ms: 0,
    });
    if (method === 'RegisterPlugin') await joinedAs();
  });

  /** What the engine makes of the recorded agent. */
  async function joinedAs() {
    const { name, instance_id } = readRegistration(transcript);
    const found = engine.agents().find((item) => item.name === name);
    expect(found?.instances).toMatchObject([
      { instanceId: instance_id, language: isPython(transcript) ? 'python' : 'go' },
    ]);
    if (isPython(transcript))
      expect(found?.instances[0]?.notExecutable).toContain('answers Info with INTERNAL');
    else {
      expect(found?.actions).toMatchObject([{ id: 'echo', inputParams: [{ name: 'text' }] }]);
      await engine.setConfig(name, 'url', 'http://mine');
    }
  }

  test('and what they left is there', () => {
    const { name } = readRegistration(transcript);
    expect(engine.agents().map((item) => item.name)).toEqual(['other']);
    const events = engine.eventsSince(0);
    expect(events.filter((event) => event.type === 'logged')).toMatchObject([
      { agent: name, message: 'something', severity: 'warn', dataJson: expect.stringContaining('"k"') },
      { agent: name, message: 'nothing', severity: 'info' },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'deregistered', agent: name });
    expect(engine.history().map((record) => [record.agent, record.caller, record.outcome])).toEqual([
      ['other', name, 'succeeded'],
      ['other', name, 'succeeded'],
    ]);
    expect(engine.history()[0]?.timeRange).toEqual({ startEpochMs: 1, endEpochMs: 2 });
    // The recorded approvals are of no execution that this engine began.
    expect(
      engine
        .approvals()
        .map((approval) => [approval.state, approval.permission])
        .reverse(),
    ).toEqual(
      isPython(transcript)
        ? [['approved', 'MODIFY']]
        : [
            ['approved', 'MODIFY'],
            ['denied', 'ADMIN'],
          ],
    );
  });
});
