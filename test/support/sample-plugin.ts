import type { ExecuteRequest, Plugin, PluginInfo } from '../../src/contract/index.ts';

/** An agent that breaks no gate, for tests to bend. */
export const SAMPLE_INFO: PluginInfo = {
  name: 'my_agent',
  version: '1.0.0',
  description: 'Reads items from a backend',
  permission: 'READ',
  devopsStages: ['observe'],
  actions: [
    {
      id: 'echo',
      description: 'Echo a text. Use this when you want to see what an agent receives.',
      permission: 'READ',
      stages: ['observe'],
      inputParams: [
        { name: 'text', type: 'string', required: true, description: 'What to echo' },
        { name: 'extra', type: 'json', required: false, description: 'Anything' },
      ],
    },
    {
      id: 'restart',
      description: 'Restart a service. WARNING: it is down for a moment.',
      permission: 'MODIFY',
      stages: ['operate'],
    },
  ],
};

export interface SamplePlugin extends Plugin {
  /** Every execution, in order. */
  readonly executed: ExecuteRequest[];
  /** Throws this from the health check while it is set. */
  unhealthy: Error | undefined;
  /** Every configuration received. */
  readonly configs: Readonly<Record<string, string>>[];
}

/** A plugin that records what it is asked; `execute` replaces what its actions do. */
export function createSamplePlugin(
  options: { readonly info?: Partial<PluginInfo>; readonly execute?: Plugin['execute'] } = {},
): SamplePlugin {
  const info = { ...SAMPLE_INFO, ...options.info };
  const plugin: SamplePlugin = {
    executed: [],
    configs: [],
    unhealthy: undefined,
    info: () => info,
    schema: () => ({ actions: info.actions }),
    execute: (request) => {
      plugin.executed.push(request);
      return (
        options.execute?.(request) ?? { output: { params: { ...request.params }, action: request.actionId } }
      );
    },
    healthCheck: () => {
      if (plugin.unhealthy) throw plugin.unhealthy;
    },
    configUpdated: (config) => {
      if (config.url === 'reject') throw new Error('url not usable');
      plugin.configs.push(config);
    },
  };
  return plugin;
}
