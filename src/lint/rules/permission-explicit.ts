import { gateRule } from './gate.ts';
import { ALL } from './kit.ts';

export const permissionExplicit = gateRule('permission', {
  id: 'permission-explicit',
  title: 'The agent and every action set their permission',
  why: 'The engine asks a person before it runs MODIFY and ADMIN actions. The Go and Python SDKs turn a permission that was left out into READ, so nothing but the source shows that it was forgotten.',
  mend: 'Set READ, MODIFY or ADMIN, in the PluginInfo and in every action.',
  languages: ALL,
  checklist: 2,
  examples: {
    typescript: {
      bad: "{ id: 'get_item', stages: ['observe'] }",
      good: "{ id: 'get_item', permission: 'READ', stages: ['observe'] }",
    },
    go: {
      bad: '{ID: "get_item", Stages: stages}',
      good: '{ID: "get_item", Permission: mirastack.PermissionRead, Stages: stages}',
    },
    python: {
      bad: 'Action(id="get_item", stages=STAGES)',
      good: 'Action(id="get_item", permission=Permission.READ, stages=STAGES)',
    },
  },
});
