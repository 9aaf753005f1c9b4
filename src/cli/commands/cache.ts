import { cleanText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { STDIN } from '../params.ts';
import { PrintedError } from '../report.ts';

export interface CacheFlags extends FinderFlags {
  readonly tenant?: string;
}

export interface CacheSetFlags extends CacheFlags {
  /** Whole seconds. */
  readonly ttl?: number;
}

/** `mirastack-agent cache get <key>`: 1 when there is no such key. */
export async function runCacheGet(
  [key = '']: readonly (string | undefined)[],
  flags: CacheFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { answers } = terminal;
  const { client } = await findEngine(flags);
  const answer = await client.cacheGet(key, flags.tenant);
  if (flags.json) answers.line(JSON.stringify(answer));
  else if (answer.found)
    answers.line(answer.text === undefined ? answer.valueBase64 : cleanText(answer.text));
  if (!answer.found)
    throw new PrintedError({
      kind: 'failed',
      code: 'not-cached',
      message: `The cache has no key ${JSON.stringify(key)}.`,
    });
}

/** `mirastack-agent cache set <key> [value]`. */
export async function runCacheSet(
  [key = '', value = STDIN]: readonly (string | undefined)[],
  flags: CacheSetFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const bytes = value === STDIN ? await terminal.readInput(signal) : Buffer.from(value, 'utf8');
  const answer = await client.cacheSet(key, bytes, flags.ttl ?? 0, flags.tenant);
  if (flags.json) terminal.answers.line(JSON.stringify(answer));
  else {
    const how = answer.ttlSeconds === 0 ? 'for good' : `for ${answer.ttlSeconds} s`;
    terminal.answers.line(cleanText(`${answer.key} is cached ${how} (${answer.bytes} bytes)`));
  }
}
