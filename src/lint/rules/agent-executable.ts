import type { Rule } from '../types.ts';
import { ALL, checked, notChecked } from './kit.ts';

export const agentExecutable: Rule = {
  id: 'agent-executable',
  title: 'The engine can execute the agent’s actions',
  group: 'sdk',
  severity: 'error',
  why: 'No published Python SDK up to 1.11.0 can serve Execute, GetSchema or ConfigUpdated: such an agent registers and then fails at every call.',
  mend: 'Mend the SDK as generated Python projects do (sdk_mend), before serve is called.',
  languages: ALL,
  isLive: true,
  examples: { any: { bad: 'serve(plugin)', good: 'mend_sdk()\nserve(plugin)' } },
  check({ live, notLive, graph }) {
    if (live?.info === undefined)
      return notChecked(live?.startFailure === undefined ? notLive : 'the agent did not start');
    if (live.notExecutable === undefined) return checked([], 'the engine found no fault in its SDK');
    const method = graph.method('execute');
    return checked([{ message: live.notExecutable, place: method?.file.placeAt(method.node.nameAt) }]);
  },
};
