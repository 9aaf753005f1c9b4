import type { IntentReport } from '../../control/index.ts';
import { type Channel, cleanLine } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { printTable, stateCell } from '../layout.ts';

const LIST_COLUMNS = [
  { title: 'agent', flexible: 'cut' },
  { title: 'action', flexible: 'cut' },
  { title: 'priority' },
  { title: 'intent', flexible: 'fold' },
] as const;

const MATCH_COLUMNS = [
  { title: 'rank' },
  { title: 'outcome' },
  { title: 'agent', flexible: 'cut' },
  { title: 'action', flexible: 'cut' },
  { title: 'matched', flexible: 'cut' },
  { title: 'reason', flexible: 'fold' },
] as const;

const MAX_TOLD = 20;

const nameOf = ({ agent, action }: { readonly agent: string; readonly action?: string | undefined }) =>
  action === undefined ? agent : `${agent} ${action}`;

/** Everything that keeps agents from being told apart, one line each. */
function describeReport({ overlaps, conflicts, unrouted, faults }: IntentReport): string[] {
  return [
    ...faults.map((item) => `${nameOf(item)}: ${item.message}`),
    ...unrouted.map((item) => `${nameOf(item)} is not routed: ${item.reason}`),
    ...conflicts.map(
      (item) => `${item.kind} ${JSON.stringify(item.value)}: ${item.actions.map(nameOf).join(', ')}`,
    ),
    ...overlaps.overlaps
      .filter((item) => item.scope === 'between-agents')
      .map(
        (item) =>
          `${JSON.stringify(item.left.pattern)} of ${nameOf(item.left)} and ${JSON.stringify(item.right.pattern)} of ${nameOf(item.right)} overlap (${item.extent})`,
      ),
  ];
}

function sayReport(report: IntentReport, talk: Channel): void {
  const lines = describeReport(report);
  for (const line of lines.slice(0, MAX_TOLD)) talk.line(talk.theme.warn(cleanLine(line)));
  if (lines.length > MAX_TOLD) talk.line(`… and ${lines.length - MAX_TOLD} more; --json has all.`);
}

/** `mirastack-agent intent list`: the intents of every agent, and on stderr where they collide. */
export async function runIntentList(
  _args: readonly (string | undefined)[],
  flags: FinderFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { answers, talk } = terminal;
  const { client } = await findEngine(flags);
  const [agents, report] = await Promise.all([client.agents(), client.intentReport()]);
  const intents = agents.flatMap((agent) => [
    ...agent.intents.map((intent) => ({ agent: agent.name, action: null, ...intent })),
    ...agent.actions.flatMap((action) =>
      action.intents.map((intent) => ({ agent: agent.name, action: action.id, ...intent })),
    ),
  ]);
  if (flags.json) {
    answers.line(JSON.stringify({ intents, report }));
    return;
  }
  const rows = intents.map((item) => [
    item.agent,
    item.action ?? '',
    String(item.priority ?? 0),
    item.pattern,
  ]);
  printTable(answers, LIST_COLUMNS, rows);
  if (rows.length === 0) talk.line('No agent declares intents.');
  sayReport(report, talk);
}

/** `mirastack-agent intent match <text…>`. */
export async function runIntentMatch(
  words: readonly (string | readonly string[] | undefined)[],
  flags: FinderFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { answers, talk } = terminal;
  const { client } = await findEngine(flags);
  const text = words.flat().join(' ');
  const candidates = await client.matchIntents(text);
  if (flags.json) {
    answers.line(JSON.stringify({ candidates }));
    return;
  }
  const rows = candidates.map((item) => [
    String(item.rank),
    stateCell(item.outcome, answers.theme),
    item.agent,
    item.action ?? '',
    item.matchedText,
    item.reason,
  ]);
  printTable(answers, MATCH_COLUMNS, rows);
  if (rows.length === 0) talk.line('No intent matches.');
}
