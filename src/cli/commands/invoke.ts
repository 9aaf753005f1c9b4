import type { ExecutionMode } from '../../contract/index.ts';
import type { InvokeRequest } from '../../control/index.ts';
import { UserError } from '../../support/errors.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { performInvocation } from '../invocation.ts';
import { readParams } from '../params.ts';
import type { SavedRequest } from '../saved-request.ts';

export interface InvokeFlags extends FinderFlags {
  readonly param?: readonly string[];
  /** A JSON file, or `-`. */
  readonly params?: string;
  readonly agent?: string;
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
  readonly tz?: string;
  readonly mode?: ExecutionMode;
  /** Seconds. */
  readonly timeout?: number;
  readonly approve?: boolean;
  readonly save?: string;
  readonly replay?: string;
}

const defined = <Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

function readTime({ since, from, to, tz }: InvokeFlags): Pick<InvokeRequest, 'time'> {
  const time = defined({ since, from, to, timezone: tz });
  return Object.keys(time).length === 0 ? {} : { time };
}

/** What the flags ask for, on top of a saved request. */
async function buildRequest(
  action: string | undefined,
  saved: SavedRequest | undefined,
  flags: InvokeFlags,
  context: CommandContext,
): Promise<InvokeRequest> {
  const name = action ?? saved?.action;
  if (name === undefined)
    throw new UserError({
      kind: 'usage',
      code: 'missing-argument',
      message: "Missing required argument 'action'.",
      hint: 'Name an action, or a saved request with --replay.',
    });
  const { agent, mode, timeout } = flags;
  const timeoutMs = timeout === undefined ? undefined : Math.round(timeout * 1_000);
  const time = readTime(flags);
  const { timeRange, ...kept } = saved ?? { params: {} };
  return {
    ...kept,
    ...(timeRange === undefined || time.time !== undefined ? {} : { timeRange }),
    action: name,
    params: Object.assign(Object.create(null), saved?.params, await readParams(flags, context)),
    ...defined({ agent, mode, timeoutMs }),
    ...time,
  };
}

/** `mirastack-agent invoke <action>`. */
export async function runInvoke(
  [action]: readonly (string | undefined)[],
  flags: InvokeFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client, folder } = await findEngine(flags);
  // Loaded where they are used: most invokes neither keep a request nor ask for anything.
  const saved =
    flags.replay === undefined
      ? undefined
      : await (await import('../saved-request.ts')).loadRequest(folder, flags.replay);
  let request = await buildRequest(action, saved, flags, context);
  if (context.terminal.isInteractive) {
    const { completeRequest } = await import('../param-form.ts');
    request = await completeRequest(request, () => client.agents(), context);
  }
  if (flags.save !== undefined) {
    const { saveRequest } = await import('../saved-request.ts');
    const file = await saveRequest(folder, flags.save, request);
    if (!flags.json) context.terminal.talk.line(`Saved as ${file}.`);
  }
  await performInvocation(client, request, flags, context);
}
