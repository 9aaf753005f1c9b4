import type { ConfigChangeAnswer } from '../../control/index.ts';
import { UserError } from '../../support/errors.ts';
import { suggestName } from '../../support/nearest.ts';
import { cleanLine } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { printTable, stateCell } from '../layout.ts';
import { STDIN } from '../params.ts';
import { PrintedError } from '../report.ts';

export interface ConfigSetFlags extends FinderFlags {
  readonly unset: boolean;
}

const COLUMNS = [
  { title: 'key' },
  { title: 'value', flexible: 'fold' },
  { title: 'source' },
  { title: 'type' },
  { title: 'required' },
  { title: 'description', flexible: 'fold' },
] as const;

/** `mirastack-agent config <agent>`. */
export async function runConfig(
  [agent = '']: readonly (string | undefined)[],
  flags: FinderFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { answers, talk } = terminal;
  const { client } = await findEngine(flags);
  const config = await client.config(agent);
  if (flags.json) {
    answers.line(JSON.stringify(config));
    return;
  }
  const rows = config.entries.map((entry) => [
    entry.key,
    entry.value,
    stateCell(entry.source, answers.theme),
    entry.isSecret ? `${entry.type}, secret` : entry.type,
    entry.required ? 'yes' : 'no',
    entry.description,
  ]);
  printTable(answers, COLUMNS, rows);
  if (rows.length === 0) talk.line(`${cleanLine(config.agent)} declares no configuration.`);
}

const usage = (code: string, message: string, hint: string) =>
  new UserError({ kind: 'usage', code, message, hint });

/** The value: from the argument, from stdin, or asked for; null to unset. A secret never comes from an argument. */
async function readValue(
  key: string,
  given: string | undefined,
  isSecret: boolean,
  flags: ConfigSetFlags,
  { terminal, signal }: CommandContext,
): Promise<string | null> {
  if (flags.unset) {
    if (given === undefined) return null;
    throw usage('bad-usage', `--unset takes no value for ${key}.`, 'Leave out the value, or --unset.');
  }
  if (given !== undefined && given !== STDIN) {
    if (!isSecret) return given;
    throw usage(
      'secret-in-arguments',
      `${key} is a secret, and arguments are seen by other programs and kept in the shell's history.`,
      `Pipe it in: printenv MY_SECRET | mirastack-agent config-set … ${key} -`,
    );
  }
  if (given === undefined && terminal.isInteractive) {
    const question = {
      key,
      message: `Value for ${cleanLine(key)}`,
      ...(isSecret ? { hidden: true as const } : {}),
    };
    return (await terminal.ask([question], signal))[key] ?? '';
  }
  return (await terminal.readInput(signal)).toString('utf8').replace(/\r?\n$/, '');
}

function printChange(
  { agent, key, version, answers }: ConfigChangeAnswer,
  { terminal }: CommandContext,
): void {
  if (answers.length === 0) {
    terminal.answers.line(cleanLine(`${key} is set (version ${version}); ${agent} is not running`));
    return;
  }
  for (const { instanceId, acknowledged, error } of answers)
    terminal.answers.line(
      cleanLine(
        acknowledged
          ? `${agent} ${instanceId} took the change of ${key} (version ${version})`
          : `${agent} ${instanceId} did not take the change of ${key}: ${error}`,
      ),
    );
}

/** `mirastack-agent config-set <agent> <key> [value]`: 1 when an instance did not take it. */
export async function runConfigSet(
  [agent = '', key = '', given]: readonly (string | undefined)[],
  flags: ConfigSetFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const { entries } = await client.config(agent);
  const entry = entries.find((item) => item.key === key);
  if (entry === undefined) {
    const keys = entries.map((item) => item.key);
    throw usage(
      'unknown-config-key',
      `${agent} declares no configuration key ${JSON.stringify(key)}.`,
      keys.length > 0 ? `${suggestName(key, keys)}It declares ${keys.join(', ')}.` : 'It declares none.',
    );
  }
  const value = await readValue(key, given, entry.isSecret, flags, context);
  const change = await client.setConfig(agent, key, value, { signal: context.signal });
  if (flags.json) context.terminal.answers.line(JSON.stringify(change));
  else printChange(change, context);
  const deaf = change.answers.filter((item) => !item.acknowledged);
  if (deaf.length > 0)
    throw new PrintedError({
      kind: 'failed',
      code: 'config-not-taken',
      message: `${deaf.length} of ${change.answers.length} instances did not take the change.`,
    });
}
