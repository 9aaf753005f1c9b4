import { known } from '../agent/facts.ts';
import { plainName } from '../sdk/types.ts';
import { rootValue } from '../source/resolve.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';
import { workingTexts } from './literals.ts';

const CALLS = /^callplugin(json|raw)?(withtimerange)?$/;
/** Published agents, and the prefix of every agent's package. */
const AGENT_NAME = /^(query_(vmetrics|vlogs|vtraces)|mirastack-plugin-[a-z0-9-]+)$/;

export const noOtherAgents: Rule = {
  id: 'no-other-agents',
  title: 'The agent knows no other agent’s name',
  group: 'conduct',
  severity: 'error',
  why: 'Which agents there are and in which order they work is the engine’s to know; a name in the code breaks where that agent is not installed.',
  mend: 'Return what you know and let the engine plan the next step; where you must call, take the name from the configuration.',
  languages: ALL,
  examples: {
    typescript: {
      bad: "await engineClient.callPlugin('query_vlogs', params);",
      good: 'await engineClient.callPlugin(this.#logAgent, params);',
    },
    go: {
      bad: 'p.engine.CallPlugin(ctx, "query_vlogs", params)',
      good: 'p.engine.CallPlugin(ctx, p.logAgent, params)',
    },
    python: {
      bad: 'await engine.call_plugin("query_vlogs", params)',
      good: 'await engine.call_plugin(self._log_agent, params)',
    },
  },
  check(input) {
    const { workspace, resolver, language, agent } = input;
    const own = agent === undefined ? undefined : known(agent.name);
    const findings: Finding[] = [];
    const told = new Set<string>();
    for (const { file, node } of workspace.calls()) {
      if (!CALLS.test(plainName(node.callee.at(-1) ?? ''))) continue;
      const target =
        language === 'go'
          ? node.args[1]
          : (node.args[0] ?? node.named.find(({ name }) => name === 'target')?.value);
      const name = target === undefined ? undefined : resolver.text(rootValue({ file, node: target }));
      if (name === undefined || name === own) continue;
      told.add(name);
      findings.push({ message: `the agent ${name} is called by its name`, place: file.placeOf(node) });
    }
    for (const { file, node } of workingTexts(input)) {
      const name = node.value;
      if (!AGENT_NAME.test(name) || told.has(name) || name === own || isOwnPackage(name, own)) continue;
      findings.push({ message: `${name} is the name of another agent`, place: file.placeOf(node) });
    }
    return checked(findings);
  },
};

const isOwnPackage = (name: string, own: string | undefined) =>
  own === undefined || name === `mirastack-plugin-${own.replaceAll('_', '-')}`;
