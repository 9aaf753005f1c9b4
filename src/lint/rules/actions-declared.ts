import { gateRule } from './gate.ts';
import { ALL } from './kit.ts';

export const actionsDeclared = gateRule('actions', {
  id: 'actions-declared',
  title: 'Info itself lists the actions',
  why: 'The gate of the SDKs and the engine look at the actions of Info. Actions that only Schema has, as in the guide’s samples, are not there for them.',
  mend: 'List the actions in the PluginInfo; Schema usually gives the same list.',
  languages: ALL,
  needsWholeSource: true,
  checklist: 4,
  examples: {
    typescript: {
      bad: "info: () => ({ name: 'my_agent', actions: [] })",
      good: "info: () => ({ name: 'my_agent', actions: ACTIONS })",
    },
    go: {
      bad: 'return &mirastack.PluginInfo{Name: "my_agent"}',
      good: 'return &mirastack.PluginInfo{Name: "my_agent", Actions: actions()}',
    },
    python: { bad: 'PluginInfo(name="my_agent")', good: 'PluginInfo(name="my_agent", actions=ACTIONS)' },
  },
});
