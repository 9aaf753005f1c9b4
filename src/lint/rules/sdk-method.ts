import type { FunctionNode } from '../source/model.ts';
import type { Finding, Rule, RuleInput } from '../types.ts';
import { checked } from './kit.ts';

export const sdkMethod: Rule = {
  id: 'sdk-method',
  title: 'The five methods have the SDK’s signatures',
  group: 'sdk',
  severity: 'error',
  why: 'The guide’s Go sample passes values where the SDK’s interface has pointers, and does not compile; in Python a dict from info() has none of the attributes the SDK reads.',
  mend: 'Go: Info() *PluginInfo, Schema() *PluginSchema, Execute(ctx, *ExecuteRequest) (*ExecuteResponse, error). Python: return PluginInfo and PluginSchema.',
  languages: ['go', 'python'],
  examples: {
    go: {
      bad: 'func (p *Plugin) Info() mirastack.PluginInfo {',
      good: 'func (p *Plugin) Info() *mirastack.PluginInfo {',
    },
    python: {
      bad: 'def info(self): return {"name": "my_agent"}',
      good: 'def info(self): return PluginInfo(name="my_agent", …)',
    },
  },
  check(input) {
    return checked(input.language === 'go' ? judgeGo(input) : judgePython(input));
  },
};

function judgeGo({ graph }: RuleInput): Finding[] {
  const findings: Finding[] = [];
  for (const name of ['info', 'schema', 'execute'] as const) {
    const method = graph.method(name);
    if (method === undefined) continue;
    const faults = valuesOf(method.node);
    if (faults.length > 0)
      findings.push({
        message: `${method.node.name} takes or gives ${faults.join(' and ')} by value: the SDK’s interface has pointers`,
        place: method.file.placeAt(method.node.nameAt),
      });
  }
  return findings;
}

function valuesOf({ parameters, result }: FunctionNode): string[] {
  return [...parameters.map(({ type }) => type), result]
    .filter(
      (type) =>
        /\b(PluginInfo|PluginSchema|ExecuteRequest|ExecuteResponse)$/.test(type) && !type.startsWith('*'),
    )
    .map((type) => type.replace(/^.*\./, ''));
}

function judgePython({ graph }: RuleInput): Finding[] {
  return (['info', 'schema'] as const).flatMap((name) => {
    const method = graph.method(name);
    const last = method?.node.body.at(-1);
    if (method === undefined || last?.kind !== 'return' || last.value?.kind !== 'record' || !last.value.isMap)
      return [];
    return [
      {
        message: `${name}() returns a dict: the SDK reads attributes of ${name === 'info' ? 'PluginInfo' : 'PluginSchema'}`,
        place: method.file.placeOf(last.value),
      },
    ];
  });
}
