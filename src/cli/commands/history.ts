import type { ExecutionRecord } from '../../control/index.ts';
import { UserError } from '../../support/errors.ts';
import { suggestName } from '../../support/nearest.ts';
import { cleanText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { performInvocation } from '../invocation.ts';
import { indentJson } from '../json-layout.ts';
import { formatTime, printFields, printTable, stateCell } from '../layout.ts';

export interface HistoryListFlags extends FinderFlags {
  readonly limit: number;
  readonly agent?: string;
}

export interface HistoryReplayFlags extends FinderFlags {
  readonly approve?: boolean;
}

const COLUMNS = [
  { title: 'id' },
  { title: 'started' },
  { title: 'agent', flexible: 'cut' },
  { title: 'action', flexible: 'cut' },
  { title: 'outcome' },
  { title: 'ms' },
  { title: 'error', flexible: 'cut' },
] as const;

/** Enough of an id to name it by; `show` and `replay` take it. */
const SHORT_ID = 8;

const WORDS = ['list', 'show', 'replay'];

/** `mirastack-agent history [list]`; any other word than a known one is a slip. */
export async function runHistoryList(
  [word]: readonly (string | undefined)[],
  flags: HistoryListFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  if (word !== undefined)
    throw new UserError({
      kind: 'usage',
      code: 'unknown-command',
      message: `Unknown command '${word}'.`,
      hint: `${suggestName(word, WORDS)}See --help.`,
    });
  const { answers, talk } = terminal;
  const { client } = await findEngine(flags);
  const { limit, agent } = flags;
  const executions = await client.executions({ limit, ...(agent === undefined ? {} : { agent }) });
  if (flags.json) {
    answers.line(JSON.stringify({ executions }));
    return;
  }
  const rows = executions.map((item) => [
    item.executionId.slice(0, SHORT_ID),
    formatTime(item.startedAtMs),
    item.agent,
    item.action,
    stateCell(item.outcome, answers.theme),
    item.durationMs === undefined ? '' : String(item.durationMs),
    item.error,
  ]);
  printTable(answers, COLUMNS, rows);
  if (rows.length === 0) talk.line('Nothing was executed yet.');
}

function printExecution(record: ExecutionRecord, { terminal }: CommandContext): void {
  const { answers } = terminal;
  const { timeRange, durationMs } = record;
  printFields(answers, [
    ['execution', record.executionId],
    ['agent', record.agent],
    ['action', record.action],
    ['permission', record.permission],
    ['mode', record.mode],
    ...Object.entries(record.params).map(([name, value]) => [`param ${name}`, value] as const),
    ...(timeRange === undefined
      ? []
      : [
          [
            'time range',
            `${formatTime(timeRange.startEpochMs)} to ${formatTime(timeRange.endEpochMs)}`,
          ] as const,
        ]),
    ...(record.caller === undefined ? [] : [['called by', record.caller] as const]),
    ...(record.instanceId === undefined ? [] : [['instance', record.instanceId] as const]),
    ...(record.approvalId === undefined ? [] : [['approval', record.approvalId] as const]),
    ['started', formatTime(record.startedAtMs)],
    ...(durationMs === undefined ? [] : [['took', `${durationMs} ms`] as const]),
    ['outcome', stateCell(record.outcome, answers.theme)],
    ...(record.error === '' ? [] : [['error', record.error] as const]),
    ...(record.truncated ? [['kept', 'in part only'] as const] : []),
  ]);
  for (const published of record.published ?? []) answers.line(cleanText(`published ${published}`));
  // A cut text is no JSON any more.
  if (record.outcome === 'succeeded')
    answers.line(cleanText(record.truncated ? record.resultJson : indentJson(record.resultJson)));
}

/** `mirastack-agent history show <id>`. */
export async function runHistoryShow(
  [id = '']: readonly (string | undefined)[],
  flags: FinderFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const execution = await client.execution(id);
  if (flags.json) context.terminal.answers.line(JSON.stringify({ execution }));
  else printExecution(execution, context);
}

/** `mirastack-agent history replay <id>`: the same action once more, with the same params and time. */
export async function runHistoryReplay(
  [id = '']: readonly (string | undefined)[],
  flags: HistoryReplayFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const { executionId, action, agent, params, mode, timeRange, truncated } = await client.execution(id);
  // A long result that was cut is of no concern: a long param is.
  if (truncated && Object.values(params).some((text) => text.length >= 256))
    throw new UserError({
      kind: 'failed',
      code: 'not-replayable',
      message: `The params of ${executionId} were too long to be kept whole.`,
      hint: 'Keep such a request with `mirastack-agent invoke … --save <name>`.',
    });
  const request = { action, agent, params, mode, ...(timeRange === undefined ? {} : { timeRange }) };
  await performInvocation(client, request, flags, context);
}
