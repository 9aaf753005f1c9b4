import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable, notChecked } from './kit.ts';

export const healthCheckLive: Rule = {
  id: 'health-check-live',
  title: 'Without its backend the agent is unhealthy, with it healthy',
  group: 'checklist',
  severity: 'error',
  why: 'Only a check that fails when the backend is gone is worth asking.',
  mend: 'Let HealthCheck fail when the backend does not answer; name the variables of its address in backendVariables of mirastack.config.json.',
  languages: ALL,
  isLive: true,
  checklist: 8,
  examples: {
    any: {
      bad: 'an agent that is healthy while MY_AGENT_BACKEND_URL names a port where nothing listens',
      good: 'an agent that is unhealthy then, and healthy with its backend',
    },
  },
  check({ live, notLive, graph, config }) {
    const method = graph.method('healthCheck');
    const place = method?.file.placeAt(method.node.nameAt);
    const without = live?.healthWithoutBackend;
    const variables = (live?.backendVariables ?? config.backendVariables).join(', ');
    const hasNoBackend =
      config.backendVariables.length === 0 && config.dev.backend === undefined && !graph.hasBackend();
    if (hasNoBackend) return notApplicable('the agent has no backend: nothing in it calls another system');
    if (live?.info === undefined)
      return notChecked(live?.startFailure === undefined ? notLive : 'the agent did not start');
    const findings = [];
    if (live.health !== undefined && !live.health.healthy && config.dev.backend !== undefined)
      findings.push({
        message: `with its dev backend running the agent is unhealthy: ${live.health.message}`,
        place,
      });
    if (without === undefined || 'skipped' in without) {
      if (findings.length > 0) return checked(findings);
      return notChecked(
        without === undefined ? 'no backend variable is named in mirastack.config.json' : without.skipped,
      );
    }
    if (without.healthy)
      findings.push({
        message: `with ${variables} pointed at a port where nothing listens the agent is still healthy`,
        place,
      });
    return checked(findings, `with ${variables} at a dead port it says: ${without.message}`);
  },
};
