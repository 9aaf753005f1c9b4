import type { Plugin, PluginInfo } from '../contract/index.ts';
import type { RunnableAction } from './define-action.ts';

/** What `definePlugin` takes: the info with runnable actions, and the methods that are not theirs. */
export interface PluginDefinition extends Omit<PluginInfo, 'actions'> {
  readonly actions: readonly RunnableAction[];
  /** Resolves when the agent and its backend are usable, throws otherwise. */
  readonly healthCheck: Plugin['healthCheck'];
  /** Takes the full merged configuration after a change. */
  readonly configUpdated?: Plugin['configUpdated'];
  /** Gets the engine client once, before serving. */
  readonly setEngineClient?: Plugin['setEngineClient'];
}

/** An agent from its parts: info, schema and dispatch follow from the actions. */
export function definePlugin(definition: PluginDefinition): Plugin {
  const { healthCheck, configUpdated, setEngineClient, ...info } = definition;
  const byId = new Map(definition.actions.map((action) => [action.id, action]));
  return {
    info: () => info,
    schema: () => ({ actions: info.actions }),
    execute: (request) => {
      const action = byId.get(request.actionId);
      if (action === undefined) throw new Error(`unknown action ${JSON.stringify(request.actionId)}`);
      return action.run(request);
    },
    healthCheck,
    configUpdated: configUpdated ?? (() => undefined),
    ...(setEngineClient === undefined ? {} : { setEngineClient }),
  };
}
