import { SDK_MODULES } from '../agent/modules.ts';
import { SDK_TYPES, sdkField } from '../sdk/types.ts';
import { rootValue, type Value } from '../source/resolve.ts';
import type { Finding, Rule, RuleInput } from '../types.ts';
import { checked } from './kit.ts';

export const sdkValue: Rule = {
  id: 'sdk-value',
  title: 'Fields of the SDK’s types hold what they must',
  group: 'sdk',
  severity: 'error',
  why: 'Python takes strings for stages and a dict for params without a word and fails when the engine asks: the agent passes its own gate and never registers.',
  mend: 'Stages are constants of DevOpsStage, permissions of Permission, params a list of ParamSchema; in Go the output is JSON, made by RespondMap or RespondJSON.',
  languages: ['go', 'python'],
  examples: {
    go: {
      bad: 'DevOpsStages: []string{"observe"},',
      good: 'DevOpsStages: []mirastack.DevOpsStage{mirastack.StageObserve},',
    },
    python: { bad: 'devops_stages=["observe"],', good: 'devops_stages=[DevOpsStage.OBSERVE],' },
  },
  check(input) {
    const { workspace, language } = input;
    const findings: Finding[] = [];
    for (const found of workspace.records()) {
      const { file, node } = found;
      if (node.type === undefined || SDK_TYPES[node.type] === undefined || node.isMap) continue;
      if (!file.imports.some(({ module }) => SDK_MODULES[language].test(module))) continue;
      for (const { name, value } of node.fields) {
        const message = judge(node.type, name, { ...rootValue(found), node: value }, input);
        if (message !== undefined) findings.push({ message, place: file.placeOf(value) });
      }
    }
    return checked(findings);
  },
};

function judge(
  type: string,
  name: string,
  value: Value,
  { resolver, language }: RuleInput,
): string | undefined {
  const field = sdkField(type, name);
  if (field === undefined) return undefined;
  const resolved = resolver.resolve(value);
  const { kind } = resolved.node;
  if (type === 'ExecuteResponse' && field.name === 'output' && language === 'go')
    return kind === 'record' || kind === 'text'
      ? `${name} is JSON bytes: use RespondMap or RespondJSON`
      : undefined;
  if (field.shape === 'constant' && kind === 'text') return `${name} is a constant of the SDK, not a string`;
  if (field.shape !== 'list') return undefined;
  if (kind === 'record' || kind === 'text')
    return `${name} is a list, not ${kind === 'text' ? 'a string' : 'a map'}`;
  const { items } = resolver.items(value);
  if (field.type === 'Stage[]' || field.type === 'Permission[]') {
    const isText = items.some((item) => resolver.resolve(item).node.kind === 'text');
    return isText
      ? `${name} holds strings: it takes constants of ${field.type === 'Stage[]' ? 'DevOpsStage' : 'Permission'}`
      : undefined;
  }
  const isDict = field.type !== undefined && items.some((item) => isPlainMap(resolver.resolve(item)));
  return isDict ? `${name} holds plain dicts: it takes ${field.type?.replace('[]', '')}` : undefined;
}

const isPlainMap = ({ node }: Value) => node.kind === 'record' && node.isMap;
