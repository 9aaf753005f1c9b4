import type { AgentView } from '../../control/index.ts';
import { type Channel, cleanLine } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { printTable, stateCell } from '../layout.ts';

export type ListFlags = FinderFlags;

const COLUMNS = [
  { title: 'name', flexible: 'cut' },
  { title: 'version' },
  { title: 'permission' },
  { title: 'health' },
] as const;

/** Why an agent is not of full use, one line each. */
function sayTroubles(agents: readonly AgentView[], talk: Channel): void {
  for (const agent of agents)
    for (const instance of agent.instances) {
      if (instance.health === 'unhealthy')
        talk.line(talk.theme.warn(cleanLine(`${agent.name}: ${instance.healthMessage}`)));
      if (instance.notExecutable !== undefined)
        talk.line(talk.theme.warn(cleanLine(`${agent.name}: ${instance.notExecutable}`)));
    }
}

/** `mirastack-agent list`: the guide's line, `my_agent 1.0.0 READ healthy`, in columns. */
export async function runList(
  _args: readonly (string | undefined)[],
  flags: ListFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const agents = await client.agents();
  const { answers, talk } = terminal;
  if (flags.json) {
    const documents = agents.map(({ name, version, permission, health, instances }) => ({
      name,
      version,
      permission,
      health,
      instances,
    }));
    answers.line(JSON.stringify({ agents: documents }));
    return;
  }
  const rows = agents.map((agent) => [
    agent.name,
    agent.version,
    agent.permission,
    stateCell(agent.health, answers.theme),
  ]);
  printTable(answers, COLUMNS, rows, { header: false });
  if (agents.length === 0) talk.line('No agent is registered.');
  sayTroubles(agents, talk);
}
