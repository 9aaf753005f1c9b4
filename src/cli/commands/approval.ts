import type { ApprovalView } from '../../control/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { reviewerName } from '../invocation.ts';
import { formatTime, printFields, printTable, stateCell } from '../layout.ts';

export interface ApprovalListFlags extends FinderFlags {
  readonly all: boolean;
}

export interface ApprovalDecideFlags extends FinderFlags {
  readonly comment?: string;
}

const COLUMNS = [
  { title: 'id' },
  { title: 'state' },
  { title: 'permission' },
  { title: 'agent', flexible: 'cut' },
  { title: 'action', flexible: 'cut' },
  { title: 'requested' },
] as const;

/** `mirastack-agent approval list`. */
export async function runApprovalList(
  _args: readonly (string | undefined)[],
  flags: ApprovalListFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { answers, talk } = terminal;
  const { client } = await findEngine(flags);
  const approvals = await client.approvals(flags.all ? undefined : 'pending');
  if (flags.json) {
    answers.line(JSON.stringify({ approvals }));
    return;
  }
  const rows = approvals.map((item) => [
    item.id,
    stateCell(item.state, answers.theme),
    item.permission,
    item.agent,
    item.action,
    formatTime(item.requestedAtMs),
  ]);
  printTable(answers, COLUMNS, rows);
  if (rows.length === 0) talk.line(flags.all ? 'Nothing was asked for.' : 'Nothing waits for approval.');
}

function printApproval(approval: ApprovalView, { terminal }: CommandContext): void {
  const { answers } = terminal;
  const { claim, decidedAtMs, timeRange } = approval;
  const blast = claim.blastRadius;
  printFields(answers, [
    ['id', approval.id],
    ['state', stateCell(approval.state, answers.theme)],
    ['agent', approval.agent],
    ['action', approval.action],
    ['permission', approval.permission],
    ...Object.entries(approval.params).map(([name, value]) => [`param ${name}`, value] as const),
    ...(timeRange === undefined
      ? []
      : [
          [
            'time range',
            `${formatTime(timeRange.startEpochMs)} to ${formatTime(timeRange.endEpochMs)}`,
          ] as const,
        ]),
    ...(approval.caller === undefined ? [] : [['called by', `${approval.caller}, as it says`] as const]),
    ['asked by', approval.origin === 'agent' ? 'the agent, in the middle of its work' : 'the engine'],
    ['the agent says', claim.text],
    ...(claim.context === undefined ? [] : [['context', JSON.stringify(claim.context)] as const]),
    ...(blast === undefined
      ? []
      : [
          [
            'blast radius',
            `${blast.summary} (${blast.scope}, ${blast.reversible ? 'reversible' : 'not reversible'})`,
          ] as const,
        ]),
    ['execution', approval.executionId],
    ['requested', formatTime(approval.requestedAtMs)],
    ['expires', formatTime(approval.expiresAtMs)],
    ...(decidedAtMs === undefined ? [] : [['decided', formatTime(decidedAtMs)] as const]),
    ...(approval.reviewer === '' ? [] : [['reviewer', approval.reviewer] as const]),
    ...(approval.comment === '' ? [] : [['comment', approval.comment] as const]),
  ]);
}

/** `mirastack-agent approval show <id>`. */
export async function runApprovalShow(
  [id = '']: readonly (string | undefined)[],
  flags: FinderFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const approval = await client.approval(id);
  if (flags.json) context.terminal.answers.line(JSON.stringify({ approval }));
  else printApproval(approval, context);
}

async function decide(
  id: string,
  approved: boolean,
  flags: ApprovalDecideFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const { comment } = flags;
  const approval = await client.decide(id, {
    approved,
    reviewer: reviewerName(),
    ...(comment === undefined ? {} : { comment }),
  });
  if (flags.json) terminal.answers.line(JSON.stringify({ approval }));
  else
    printTable(
      terminal.answers,
      COLUMNS.slice(0, 5),
      [
        [
          approval.id,
          stateCell(approval.state, terminal.answers.theme),
          approval.permission,
          approval.agent,
          approval.action,
        ],
      ],
      { header: false },
    );
}

/** `mirastack-agent approval approve <id>`. */
export const runApprovalApprove = (
  [id = '']: readonly (string | undefined)[],
  flags: ApprovalDecideFlags & CommonFlags,
  context: CommandContext,
): Promise<void> => decide(id, true, flags, context);

/** `mirastack-agent approval reject <id>`. */
export const runApprovalReject = (
  [id = '']: readonly (string | undefined)[],
  flags: ApprovalDecideFlags & CommonFlags,
  context: CommandContext,
): Promise<void> => decide(id, false, flags, context);
