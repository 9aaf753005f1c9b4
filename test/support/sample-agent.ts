/** An agent in the process of the test, on the engine that another process runs. */
import { type Plugin, respond, startAgent } from '../../src/runtime/index.ts';
import { createSamplePlugin } from './sample-plugin.ts';

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/** Starts an agent; its registration goes on after this has returned. Gives what ends it. */
export async function startSampleAgent(
  env: Record<string, string>,
  plugin: Plugin = createSamplePlugin({
    execute: (request) => {
      if (request.params.text === 'fail') throw new Error('the backend answered with status 503');
      return respond({ text: request.params.text ?? null });
    },
  }),
): Promise<() => Promise<void>> {
  const agent = await startAgent(plugin, { env, log: SILENT });
  return () => agent.stop();
}
