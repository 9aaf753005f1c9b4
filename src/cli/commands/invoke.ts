import { connectControl, findSession, type InvokeResult } from '../../control/index.ts';
import { UserError } from '../../support/errors.ts';
import { cleanText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { engineFolder } from '../engine-folder.ts';
import { compactJson, indentJson } from '../json-layout.ts';
import { PrintedError } from '../report.ts';

export interface InvokeFlags {
  readonly param?: readonly string[];
  readonly agent?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly project: string;
}

function readParams(texts: readonly string[]): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  for (const text of texts) {
    const split = text.indexOf('=');
    if (split < 1)
      throw new UserError({
        kind: 'usage',
        code: 'bad-param',
        message: `The param ${JSON.stringify(text)} is not name=value.`,
        hint: 'Write --param id=item-001.',
      });
    params[text.slice(0, split)] = text.slice(split + 1);
  }
  return params;
}

/** The document of `--json`: the result stands in it as the agent wrote it. */
function toDocument({ success, resultJson, error, durationMs, executionId }: InvokeResult): string {
  const rest = JSON.stringify({ error, durationMs, executionId }).slice(1);
  return `{"success":${success},"result":${compactJson(resultJson)},${rest}`;
}

/** `mirastack-agent invoke <action>`. */
export async function runInvoke(
  [action = '']: readonly (string | undefined)[],
  flags: InvokeFlags & CommonFlags,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const client = connectControl(findSession(engineFolder(flags.project)));
  const request = {
    action,
    params: readParams(flags.param ?? []),
    ...(flags.agent === undefined ? {} : { agent: flags.agent }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: Math.round(flags.timeout * 1_000) }),
  };
  const result = await client.invoke(request, { signal });
  if (flags.json) terminal.answers.line(toDocument(result));
  else if (result.success) terminal.answers.line(cleanText(indentJson(result.resultJson)));
  if (!result.success)
    throw new PrintedError({ kind: 'failed', code: 'action-failed', message: result.error });
}
