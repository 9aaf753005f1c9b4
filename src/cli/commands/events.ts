import type { EventGap, ShownEvent } from '../../control/index.ts';
import { cleanLine } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { describeEngineEvent } from '../engine-events.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { formatTime } from '../layout.ts';

export interface EventsFlags extends FinderFlags {
  readonly follow: boolean;
  /** The number of the last event that is known already. */
  readonly since?: number;
  readonly agent?: string;
  readonly type?: readonly string[];
}

type Shown = ShownEvent | EventGap;

function isWanted(event: Shown, { agent, type }: EventsFlags): boolean {
  if (event.type === 'gap') return true;
  const ofAgent = 'agent' in event ? event.agent : undefined;
  return (agent === undefined || ofAgent === agent) && (type === undefined || type.includes(event.type));
}

function printEvent(event: Shown, { terminal }: CommandContext): void {
  const { answers, talk } = terminal;
  if (event.type === 'gap') {
    talk.line(talk.theme.warn(`The events ${event.missedFrom} to ${event.missedTo} are not kept any more.`));
    return;
  }
  const line = describeEngineEvent(event);
  // A probe that changed nothing is asked for by its type only.
  const text =
    line?.text ?? (event.type === 'health' ? `${event.agent} is ${event.health} still` : event.type);
  const tone = line?.tone ?? 'plain';
  const clean = cleanLine(text);
  const { theme } = answers;
  answers.line(`${theme.faint(formatTime(event.atMs))} ${tone === 'plain' ? clean : theme[tone](clean)}`);
}

/** What people read: probes that changed nothing only when they asked for probes. */
const isWorthLine = (event: Shown, flags: EventsFlags): boolean =>
  event.type !== 'health' || event.changed || flags.type !== undefined;

/** `mirastack-agent events [--follow]`. */
export async function runEvents(
  _args: readonly (string | undefined)[],
  flags: EventsFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { answers } = context.terminal;
  const { client } = await findEngine(flags);
  if (!flags.follow) {
    const { events } = await client.events(flags.since);
    const wanted = events.filter((event) => isWanted(event, flags));
    if (flags.json) answers.line(JSON.stringify({ events: wanted }));
    else for (const event of wanted) if (isWorthLine(event, flags)) printEvent(event, context);
    return;
  }
  const place = flags.since === undefined ? {} : { since: flags.since };
  for await (const event of client.follow({ ...place, signal: context.signal })) {
    if (!isWanted(event, flags)) continue;
    if (flags.json) answers.line(JSON.stringify(event));
    else if (isWorthLine(event, flags)) printEvent(event, context);
  }
}
