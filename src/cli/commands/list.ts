import { type AgentView, connectControl, findSession } from '../../control/index.ts';
import { type Channel, cleanLine } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { engineFolder } from '../engine-folder.ts';

export interface ListFlags {
  readonly project: string;
}

/** The guide's line, `my_agent 1.0.0 READ healthy`, in columns. */
function agentRows(agents: readonly AgentView[]): string[] {
  const rows = agents.map((agent) =>
    [agent.name, agent.version, agent.permission, agent.health].map((cell) => cleanLine(cell)),
  );
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' ')
      .trimEnd(),
  );
}

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

/** `mirastack-agent list`. */
export async function runList(
  _args: readonly (string | undefined)[],
  flags: ListFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const client = connectControl(findSession(engineFolder(flags.project)));
  const agents = await client.agents();
  if (flags.json) {
    const documents = agents.map(({ name, version, permission, health, instances }) => ({
      name,
      version,
      permission,
      health,
      instances,
    }));
    terminal.answers.line(JSON.stringify({ agents: documents }));
    return;
  }
  for (const row of agentRows(agents)) terminal.answers.line(row);
  if (agents.length === 0) terminal.talk.line('No agent is registered.');
  sayTroubles(agents, terminal.talk);
}
