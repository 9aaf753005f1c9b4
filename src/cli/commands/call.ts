import type { RawCall } from '../../control/index.ts';
import { UserError } from '../../support/errors.ts';
import { suggestName } from '../../support/nearest.ts';
import { cleanLine, cleanText, startProgress } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { compactJson, indentJson } from '../json-layout.ts';
import { readText } from '../params.ts';

export interface CallFlags extends FinderFlags {
  /** JSON, a file that holds it, or `-`. */
  readonly request?: string;
  readonly instance?: string;
  /** Seconds. */
  readonly timeout?: number;
}

const METHODS = ['Info', 'GetSchema', 'Execute', 'HealthCheck', 'ConfigUpdated'] as const;

function readMethod(word: string): RawCall['method'] {
  const method = METHODS.find((item) => item.toLowerCase() === word.toLowerCase().replaceAll('-', ''));
  if (method !== undefined) return method;
  throw new UserError({
    kind: 'usage',
    code: 'unknown-method',
    message: `An agent has no method ${JSON.stringify(word)}.`,
    hint: `${suggestName(word, METHODS)}It has ${METHODS.join(', ')}.`,
  });
}

/** `mirastack-agent call <agent> <method>`: one of the five methods as it is. */
export async function runCall(
  [agent = '', word = '']: readonly (string | undefined)[],
  flags: CallFlags & CommonFlags,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  const method = readMethod(word);
  const { client } = await findEngine(flags);
  const { request, instance, timeout } = flags;
  const requestJson =
    request === undefined || request.trimStart().startsWith('{') ? request : await readText(request, context);
  const progress = startProgress(terminal.talk, `${cleanLine(agent)} answers ${method}`);
  const answer = await client
    .callMethod(
      {
        agent,
        method,
        ...(requestJson === undefined ? {} : { requestJson }),
        ...(instance === undefined ? {} : { instanceId: instance }),
        ...(timeout === undefined ? {} : { timeoutMs: Math.round(timeout * 1_000) }),
      },
      { signal },
    )
    .finally(progress.stop);
  const { responseJson, ...rest } = answer;
  if (flags.json)
    terminal.answers.line(`${JSON.stringify(rest).slice(0, -1)},"response":${compactJson(responseJson)}}`);
  else terminal.answers.line(cleanText(indentJson(responseJson)));
}
