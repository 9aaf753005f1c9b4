import { join } from 'node:path';
import { messageOf } from '../support/errors.ts';
import { Approvals } from './approvals.ts';
import { ConfigStore } from './config-store.ts';
import type { EventHub } from './events.ts';
import { History } from './history.ts';
import type { Policy } from './policy.ts';
import { Prompts } from './prompts.ts';
import type { Secrets } from './secrets.ts';
import { LineFile } from './state/line-file.ts';
import { openStateFolder } from './state/private-files.ts';
import { StateFile } from './state/state-file.ts';

const MAX_REFUSALS = 1_000;

const isList = (document: unknown): boolean => Array.isArray(document);
const isMap = (document: unknown): boolean =>
  typeof document === 'object' && document !== null && !Array.isArray(document);

/**
 * Opens what the engine keeps, on disk where it has a folder for that. What an earlier engine left and cannot be used
 * is left out, and said.
 * @throws UserError state-not-readable (io)
 */
export async function openState(parts: {
  readonly directory: string | undefined;
  readonly events: EventHub;
  readonly secrets: Secrets;
  readonly policy: () => Policy;
}) {
  const { directory, events, secrets } = parts;
  if (directory !== undefined) await openStateFolder(directory);
  const pathOf = (name: string) => (directory === undefined ? undefined : join(directory, name));
  const onError = (error: unknown) =>
    events.warn('', `the engine's state cannot be kept: ${messageOf(error)}`);
  const configFile = new StateFile(pathOf('config.json'), onError);
  const promptFile = new StateFile(pathOf('prompts.json'), onError);
  const approvalFile = new StateFile(pathOf('approvals.json'), onError);
  const historyFile = new LineFile(pathOf('history.jsonl'), History.lines, onError);
  const refusalFile = new LineFile(pathOf('refusals.jsonl'), MAX_REFUSALS, onError);
  const config = new ConfigStore(configFile, secrets);
  const prompts = new Prompts(promptFile);
  const history = new History(historyFile, secrets);
  const approvals = new Approvals({
    policy: parts.policy,
    file: approvalFile,
    onChange: (approval) => events.emit({ type: 'approval', agent: approval.agent, approval }),
  });
  const left = {
    settings: config.restore(await configFile.load(isMap)),
    'prompt templates': prompts.restore(await promptFile.load(isList)),
    approvals: approvals.restore(await approvalFile.load(isList)),
    executions: history.restore(await historyFile.load()),
  };
  await refusalFile.load();
  for (const [what, count] of Object.entries(left))
    if (count > 0)
      events.warn('', `${count} of the ${what} in ${directory} are not what an engine wrote, and left out`);
  events.subscribe((event) => {
    if (event.type === 'refused') refusalFile.add(event);
  });
  return {
    config,
    prompts,
    history,
    approvals,
    /** Resolves when everything is on disk. */
    close: async () => {
      await Promise.all([
        configFile.settle(),
        promptFile.settle(),
        approvalFile.settle(),
        historyFile.close(),
        refusalFile.close(),
      ]);
    },
  };
}
