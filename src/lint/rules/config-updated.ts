import { known } from '../agent/facts.ts';
import { plainName } from '../sdk/types.ts';
import { type FunctionNode, type SourceNode, walk } from '../source/model.ts';
import { rootValue } from '../source/resolve.ts';
import type { Found } from '../source/source-file.ts';
import type { Finding, Rule, RuleInput } from '../types.ts';
import { ALL, checked, notApplicable, notChecked, placeText, withAgent } from './kit.ts';

export const configUpdated: Rule = {
  id: 'config-updated',
  title: 'ConfigUpdated takes every declared key while the agent runs',
  group: 'checklist',
  severity: 'error',
  why: 'Operators change a value and expect it to count at once: the engine restarts nobody.',
  mend: 'Read each declared key in ConfigUpdated and use the new value from the next call on.',
  languages: ALL,
  needsWholeSource: true,
  checklist: 9,
  examples: {
    typescript: {
      bad: 'configUpdated() {}',
      good: 'configUpdated(config) { this.#client = new Client(config.backend_url || this.#initialUrl); }',
    },
    go: {
      bad: 'func (p *Plugin) ConfigUpdated(ctx context.Context, config map[string]string) error { return nil }',
      good: 'if url := config["backend_url"]; url != "" { p.client = NewClient(url) }',
    },
    python: {
      bad: 'async def config_updated(self, config): pass',
      good: 'self._client = Client(config.get("backend_url") or self._initial_url)',
    },
  },
  check: (input) =>
    withAgent(input, (agent) => {
      const { items, isComplete } = agent.configParams;
      if (items.length === 0)
        return isComplete
          ? notApplicable('the agent declares no configuration parameter')
          : notChecked('the configuration parameters are only known at run time');
      const method = input.graph.method('configUpdated');
      if (method === undefined)
        return checked([
          {
            message: 'the agent declares configuration parameters and has no ConfigUpdated',
            place: items[0]?.place ?? agent.place,
          },
        ]);
      const words = wordsIn(method, input);
      const place = method.file.placeAt(method.node.nameAt);
      if (words === undefined) return checked([], placeText(place));
      const findings = items.flatMap((param): Finding[] => {
        const key = known(param.key);
        if (key === undefined || key === '' || words.has(key) || words.has(plainName(key))) return [];
        return [
          {
            message: `ConfigUpdated does not take the configuration key ${key}`,
            place: param.place ?? place,
          },
        ];
      });
      return checked(findings, placeText(place));
    }),
};

/** Every text and member that the method and what it calls mention; undefined when it takes the map whole. */
function wordsIn(
  method: Found<FunctionNode>,
  { graph, resolver }: RuleInput,
): ReadonlySet<string> | undefined {
  const config = method.node.parameters.at(-1)?.name ?? '';
  for (const node of walk(method.node.body)) if (takesWhole(node, config, method, graph)) return undefined;
  const words = new Set<string>();
  for (const found of graph.reachable(method))
    for (const node of walk(found.node.body)) {
      if (node.kind === 'text') words.add(node.value);
      if (node.kind === 'name') {
        const text = resolver.text(rootValue({ file: found.file, node }));
        if (text !== undefined) words.add(text);
        if (node.path.length > 1) for (const part of node.path) words.add(part).add(plainName(part));
      }
      if (node.kind === 'assign')
        for (const target of node.targets)
          if (target.kind === 'name') words.add(target.path.at(-1) as string);
    }
  // What a destructured parameter names is taken, too.
  for (const { name } of method.node.parameters) words.add(name);
  return words;
}

/** Iterates the map, keeps it, or hands it to something outside of the project. */
function takesWhole(
  node: SourceNode,
  config: string,
  method: Found<FunctionNode>,
  graph: RuleInput['graph'],
): boolean {
  const isConfig = (part: SourceNode) =>
    part.kind === 'name' && part.path.length === 1 && part.path[0] === config;
  if (config === '' || config === '_') return false;
  if (node.kind === 'spread') return isConfig(node.value);
  if (node.kind === 'record') return node.spreads.some(isConfig);
  if (node.kind === 'assign') return isConfig(node.value);
  if (node.kind === 'other' && /^(range_clause|for_statement|for_in_statement)$/.test(node.type))
    return node.children.some(isConfig);
  if (node.kind !== 'call' || !node.args.some(isConfig)) return false;
  const names = graph.reachable(method).map((found) => found.node.name);
  return !names.includes(node.callee.at(-1) ?? '') && node.callee.at(-1) !== 'len';
}
