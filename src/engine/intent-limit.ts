import type { PluginInfo } from '../contract/index.ts';
import { MAX_INTENTS_PER_AGENT } from '../intents/index.ts';

/**
 * What an agent declares, with as many intents as are taken of one agent: the rest must not stay in memory either
 * (faults.md T8). Default intents count first, then those of the actions in their order.
 * @returns the info, and a sentence where something was left out
 */
export function limitIntents(info: PluginInfo): { readonly info: PluginInfo; readonly remark?: string } {
  const lists = [info.intents ?? [], ...info.actions.map((action) => action.intents ?? [])];
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  if (total <= MAX_INTENTS_PER_AGENT) return { info };
  let left = MAX_INTENTS_PER_AGENT;
  const [intents = [], ...ofActions] = lists.map((list) => {
    const kept = list.slice(0, left);
    left -= kept.length;
    return kept;
  });
  const actions = info.actions.map((action, index) => ({ ...action, intents: ofActions[index] ?? [] }));
  const dropped = total - MAX_INTENTS_PER_AGENT;
  return {
    info: { ...info, intents, actions },
    remark: `it has ${total} intents, and at most ${MAX_INTENTS_PER_AGENT} are taken; the last ${dropped} are left out`,
  };
}
