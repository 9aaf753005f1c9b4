import type { Engine, Health } from '../../engine/index.ts';
import { messageOf, UserError } from '../../support/errors.ts';
import { suggestName } from '../../support/nearest.ts';
import {
  type AgentDetail,
  type AgentsAnswer,
  type AgentView,
  type ConfigChangeAnswer,
  type EngineAbout,
  type HealthReport,
  type LastError,
  PATHS,
  type RawCall,
} from '../api.ts';
import type { Call, Route } from './route.ts';

function findAgent(engine: Engine, name: string): AgentView {
  const agents = engine.agents();
  const agent = agents.find((item) => item.name === name);
  if (agent !== undefined) return agent;
  const names = agents.map((item) => item.name);
  throw new UserError({
    kind: 'usage',
    code: 'unknown-agent',
    message: `No agent named ${JSON.stringify(name)} is registered.`,
    hint:
      names.length > 0
        ? `${suggestName(name, names)}Registered: ${names.join(', ')}.`
        : 'No agent is registered.',
  });
}

function lastErrorOf(engine: Engine, agent: string): LastError | null {
  const errors: LastError[] = [];
  const failed = engine.history().find((item) => item.agent === agent && item.outcome === 'failed');
  if (failed !== undefined)
    errors.push({
      atMs: failed.startedAtMs + (failed.durationMs ?? 0),
      source: 'execution',
      message: `${failed.action}: ${failed.error}`,
    });
  for (const event of engine.eventsSince(0)) {
    if (event.type === 'warning' && event.agent === agent)
      errors.push({ atMs: event.atMs, source: 'warning', message: event.message });
    if (event.type === 'health' && event.agent === agent && event.health === 'unhealthy')
      errors.push({ atMs: event.atMs, source: 'health', message: event.message });
  }
  return errors.reduce<LastError | null>(
    (last, error) => (last === null || error.atMs >= last.atMs ? error : last),
    null,
  );
}

function answerAgent({ engine, part }: Call): AgentDetail {
  const agent = findAgent(engine, part('agent'));
  return { agent, lastError: lastErrorOf(engine, agent.name) };
}

const PROBE_TIMEOUT_MS = 10_000;

type Probe = Pick<HealthReport['instances'][number], 'health' | 'message'>;

function readProbe(responseJson: string): Probe {
  const { healthy, message } = JSON.parse(responseJson) as { healthy?: boolean; message?: string };
  return {
    health: healthy ? 'healthy' : 'unhealthy',
    message: message || (healthy ? 'ok' : 'no reason given'),
  };
}

/** Asks every instance now, whatever the last probe said. */
async function answerHealth({ engine, part, signal }: Call): Promise<HealthReport> {
  const agent = findAgent(engine, part('agent'));
  const instances = await Promise.all(
    agent.instances.map(async ({ instanceId, address }) => {
      const startedAt = performance.now();
      const call: RawCall = {
        agent: agent.name,
        method: 'HealthCheck',
        instanceId,
        timeoutMs: PROBE_TIMEOUT_MS,
      };
      const probe = await engine.callMethod(call, { signal }).then(
        ({ responseJson }) => readProbe(responseJson),
        (error: unknown): Probe => ({ health: 'unhealthy', message: messageOf(error) }),
      );
      return { instanceId, address, ...probe, durationMs: Math.round(performance.now() - startedAt) };
    }),
  );
  const health: Health = instances.some((item) => item.health === 'healthy') ? 'healthy' : 'unhealthy';
  return { agent: agent.name, health, instances };
}

async function answerSetConfig({ engine, part, body }: Call): Promise<ConfigChangeAnswer> {
  const { key, value } = body as { readonly key: string; readonly value: string | null };
  const agent = findAgent(engine, part('agent')).name;
  return { agent, key, ...(await engine.setConfig(agent, key, value ?? undefined)) };
}

/** The engine itself, its agents and their settings. */
export const agentRoutes = (): readonly Route[] => [
  {
    method: 'GET',
    path: PATHS.engine,
    id: 'getEngine',
    summary: 'Which engine this is.',
    answer: 'Engine',
    perform: ({ engine, pid, version }): EngineAbout => ({
      grpcAddr: engine.address,
      tenantIds: engine.tenantIds,
      pid,
      version,
    }),
  },
  {
    method: 'GET',
    path: PATHS.agents,
    id: 'listAgents',
    summary: 'Every registered agent.',
    answer: 'Agents',
    perform: ({ engine }): AgentsAnswer => ({ agents: engine.agents() }),
  },
  {
    method: 'GET',
    path: PATHS.agent,
    id: 'getAgent',
    summary: 'One agent, and what last went wrong with it.',
    answer: 'AgentDetail',
    perform: answerAgent,
  },
  {
    method: 'POST',
    path: PATHS.health,
    id: 'checkHealth',
    summary: 'Calls HealthCheck of every instance now.',
    body: 'Empty',
    answer: 'HealthReport',
    perform: answerHealth,
  },
  {
    method: 'GET',
    path: PATHS.config,
    id: 'getConfig',
    summary: 'The settings of an agent, secrets masked.',
    answer: 'Config',
    perform: ({ engine, part }) => engine.config(findAgent(engine, part('agent')).name),
  },
  {
    method: 'POST',
    path: PATHS.config,
    id: 'setConfig',
    summary: 'Sets one setting and pushes all of them to every instance.',
    body: 'SetConfigRequest',
    answer: 'ConfigChange',
    perform: answerSetConfig,
  },
  {
    method: 'POST',
    path: PATHS.call,
    id: 'callMethod',
    summary: 'Calls one of the five methods as it is. Actions that need an approval are refused.',
    body: 'RawCallRequest',
    answer: 'RawCallAnswer',
    perform: ({ engine, part, body, signal }) =>
      engine.callMethod({ ...(body as Omit<RawCall, 'agent'>), agent: part('agent') }, { signal }),
  },
];
