import type { Action } from '../../contract/index.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notChecked } from './kit.ts';

/** An action as one comparable text; the order of its fields says nothing. */
const textOf = ({ id, description, permission, stages, inputParams, outputParams }: Action): string =>
  JSON.stringify([
    id,
    description,
    permission,
    [...stages].sort(),
    ...[inputParams ?? [], outputParams ?? []].map((params) =>
      params.map((param) => [param.name, param.type, param.required, param.description]),
    ),
  ]);

export const schemaMatchesInfo: Rule = {
  id: 'schema-matches-info',
  title: 'Info and Schema give the same actions',
  group: 'schema',
  severity: 'error',
  why: 'The engine registers what Info says and describes to the LLM what Schema says: where they differ, it calls what is not there.',
  mend: 'Give one list of actions in both.',
  languages: ALL,
  isLive: true,
  checklist: 6,
  examples: {
    typescript: { bad: 'schema: () => ({ actions: [] })', good: 'schema: () => ({ actions: ACTIONS })' },
    go: {
      bad: 'return &mirastack.PluginSchema{}',
      good: 'return &mirastack.PluginSchema{Actions: actions()}',
    },
    python: { bad: 'return PluginSchema()', good: 'return PluginSchema(actions=ACTIONS)' },
  },
  check({ live, notLive, graph }) {
    if (live?.info === undefined)
      return notChecked(live?.startFailure === undefined ? notLive : 'the agent did not start');
    if (live.schema === undefined) return notChecked('the agent did not answer GetSchema');
    const method = graph.method('schema');
    const place = method?.file.placeAt(method.node.nameAt);
    const inInfo = new Map(live.info.actions.map((action) => [action.id, action]));
    const inSchema = new Map(live.schema.actions.map((action) => [action.id, action]));
    const findings = [];
    for (const [id, action] of inInfo) {
      const other = inSchema.get(id);
      if (other === undefined) findings.push({ message: `Info has the action ${id}, Schema has not`, place });
      else if (textOf(other) !== textOf(action))
        findings.push({ message: `Info and Schema describe the action ${id} differently`, place });
    }
    for (const id of inSchema.keys())
      if (!inInfo.has(id)) findings.push({ message: `Schema has the action ${id}, Info has not`, place });
    return checked(findings, `asked the running agent: ${inInfo.size} actions in both`);
  },
};
