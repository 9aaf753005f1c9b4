/** An agent with something of everything that commands show. */
import type { PluginInfo } from '../../src/contract/index.ts';
import { respond } from '../../src/runtime/index.ts';
import { createSamplePlugin, SAMPLE_INFO, type SamplePlugin } from './sample-plugin.ts';

export const LAB_INFO: PluginInfo = {
  ...SAMPLE_INFO,
  intents: [{ pattern: 'items', priority: 1 }],
  actions: [
    {
      ...(SAMPLE_INFO.actions[0] as PluginInfo['actions'][number]),
      intents: [{ pattern: 'echo my text', priority: 7 }],
      outputParams: [{ name: 'text', type: 'string', required: true, description: 'The same text' }],
    },
    {
      id: 'wait',
      description: 'Wait until it is cancelled. Use this when you want to see a long action.',
      permission: 'READ',
      stages: ['observe'],
    },
    {
      id: 'restart',
      description: 'Restart a service. WARNING: it is down for a moment.',
      permission: 'MODIFY',
      stages: ['operate'],
      inputParams: [
        { name: 'service', type: 'string', required: true, description: 'Which service' },
        { name: 'force', type: 'boolean', required: true, description: 'Whether to kill it' },
      ],
    },
  ],
  promptTemplates: [
    { name: 'my_agent_guide', description: 'How to ask', content: 'Ask {{.name}} politely.' },
  ],
  configParams: [
    { key: 'url', type: 'string', required: true, default: 'http://localhost', description: 'Where it is' },
    { key: 'api_key', type: 'string', required: false, description: 'Its secret', isSecret: true },
  ],
};

export interface LabPlugin extends SamplePlugin {
  /** How often `wait` was cancelled. */
  readonly cancelled: { count: number };
}

export function createLabPlugin(info: Partial<PluginInfo> = {}): LabPlugin {
  const cancelled = { count: 0 };
  const plugin = createSamplePlugin({
    info: { ...LAB_INFO, ...info },
    execute: async ({ actionId, params, signal, timeRange, mode }) => {
      if (actionId === 'wait') {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        cancelled.count++;
        throw new Error('cancelled');
      }
      if (params.text === 'fail') throw new Error('the backend answered with \u001b[31mstatus 503');
      return respond({
        ...params,
        mode: mode ?? null,
        timeRange: timeRange === undefined ? null : { ...timeRange },
      });
    },
  });
  return Object.assign(plugin, { cancelled });
}
