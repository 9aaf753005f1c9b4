import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { ApprovalView, ControlClient, InvokeRequest, InvokeResult } from '../control/index.ts';
import { CancelledError } from '../support/cancelled.ts';
import { UserError } from '../support/errors.ts';
import { cleanLine, cleanText, startProgress } from '../terminal/index.ts';
import type { CommandContext } from './command.ts';
import { compactJson, indentJson } from './json-layout.ts';
import { printFields } from './layout.ts';
import { PrintedError } from './report.ts';

export interface InvocationFlags {
  readonly json: boolean;
  /** Ask for the decision here. */
  readonly approve?: boolean;
}

/** An action that ends sooner has waited for nobody. */
const WATCH_AFTER_MS = 200;

/** Who decides, as the history and the agent are told. */
export const reviewerName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'developer';
  }
};

/** What is to be decided: the engine's own words first, and the agent's marked as such. */
export function printApproval(approval: ApprovalView, { terminal }: CommandContext): void {
  const { talk } = terminal;
  printFields(talk, [
    ['approval', approval.id],
    ['agent', approval.agent],
    ['action', approval.action || '(none)'],
    ['permission', { text: approval.permission, style: talk.theme.warn }],
    ...Object.entries(approval.params).map(([name, value]) => [`param ${name}`, value] as const),
    ...(approval.caller === undefined ? [] : [['called by', approval.caller] as const]),
    ['the agent says', approval.claim.text],
  ]);
}

async function decideHere(
  approval: ApprovalView,
  client: ControlClient,
  context: CommandContext,
): Promise<void> {
  printApproval(approval, context);
  const choices = [
    { value: 'reject', name: 'Reject' },
    { value: 'approve', name: 'Approve' },
  ];
  const { decision } = await context.terminal.ask(
    [{ key: 'decision', message: 'Your decision', choices }],
    context.signal,
  );
  await client.decide(approval.id, { approved: decision === 'approve', reviewer: reviewerName() });
}

/** Resolves after a time. @throws the signal's reason, at once when it fires */
function waitUnlessOver(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}

/** Calls back when the execution waits for an approval; ends with its signal. */
async function watchApproval(
  client: ControlClient,
  executionId: string,
  signal: AbortSignal,
  onPending: (approval: ApprovalView) => Promise<void>,
): Promise<void> {
  try {
    await waitUnlessOver(WATCH_AFTER_MS, signal);
    for await (const event of client.follow({ since: 0, signal })) {
      if (event.type !== 'approval' || event.approval.executionId !== executionId) continue;
      if (event.approval.state === 'pending' && event.approval.origin === 'action')
        await onPending(event.approval);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The document of `--json`: the result stands in it as the agent wrote it. */
function toDocument({ success, resultJson, error, durationMs, executionId }: InvokeResult): string {
  const rest = JSON.stringify({ error, durationMs, executionId }).slice(1);
  return `{"success":${success},"result":${compactJson(resultJson)},${rest}`;
}

function print(result: InvokeResult, flags: InvocationFlags, { terminal }: CommandContext): void {
  if (flags.json) terminal.answers.line(toDocument(result));
  else if (result.success) terminal.answers.line(cleanText(indentJson(result.resultJson)));
  if (!result.success)
    throw new PrintedError({ kind: 'failed', code: `action-${result.outcome}`, message: result.error });
}

/**
 * Executes a request, tells what it waits for, and prints what came of it. Cancelling cancels the call at the agent.
 * @throws UserError for what was refused, PrintedError for a failed action
 */
export async function performInvocation(
  client: ControlClient,
  request: InvokeRequest,
  flags: InvocationFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  if (flags.approve && !terminal.isInteractive)
    throw new UserError({
      kind: 'usage',
      code: 'no-terminal',
      message: 'There is no terminal to ask for the decision of --approve.',
      hint: 'Leave it out, and decide with `mirastack-agent approval approve <id>` elsewhere.',
    });
  const executionId = randomUUID();
  const over = new AbortController();
  const stop = AbortSignal.any([over.signal, signal]);
  const label = `${cleanLine(request.action)} is running`;
  let progress = startProgress(terminal.talk, label);
  const onPending = async (approval: ApprovalView) => {
    progress.stop();
    if (flags.approve) await decideHere(approval, client, context);
    else
      terminal.talk.line(
        terminal.talk.theme.warn(
          cleanLine(
            `${approval.action} of ${approval.agent} waits for approval; decide with \`mirastack-agent approval approve ${approval.id}\` or \`… reject ${approval.id}\`.`,
          ),
        ),
      );
    progress = startProgress(terminal.talk, flags.approve ? label : 'waiting for the decision');
  };
  const failed = new AbortController();
  const watching = watchApproval(client, executionId, stop, onPending).catch((error: unknown) => {
    failed.abort(error);
  });
  try {
    const invokeSignal = AbortSignal.any([signal, failed.signal]);
    const result = await client.invoke({ ...request, executionId }, { signal: invokeSignal });
    progress.stop();
    print(result, flags, context);
  } finally {
    progress.stop();
    over.abort(new CancelledError());
    await watching;
  }
}
