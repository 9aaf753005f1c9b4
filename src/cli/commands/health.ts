import { cleanLine, startProgress } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { printTable, stateCell } from '../layout.ts';
import { PrintedError } from '../report.ts';

export type HealthFlags = FinderFlags;

const COLUMNS = [
  { title: 'instance', flexible: 'cut' },
  { title: 'address' },
  { title: 'health' },
  { title: 'ms' },
  { title: 'message', flexible: 'fold' },
] as const;

/** `mirastack-agent health <agent>`: asks every instance now; 1 when none is healthy. */
export async function runHealth(
  [name = '']: readonly (string | undefined)[],
  flags: HealthFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { answers, talk } = terminal;
  const { client } = await findEngine(flags);
  const progress = startProgress(talk, `asking ${cleanLine(name)}`);
  const report = await client.health(name, { signal }).finally(progress.stop);
  if (flags.json) answers.line(JSON.stringify(report));
  else
    printTable(
      answers,
      COLUMNS,
      report.instances.map((item) => [
        item.instanceId,
        item.address,
        stateCell(item.health, answers.theme),
        String(item.durationMs),
        item.message,
      ]),
    );
  if (report.health !== 'healthy')
    throw new PrintedError({
      kind: 'failed',
      code: 'unhealthy',
      message: `No instance of ${report.agent} is healthy.`,
    });
}
