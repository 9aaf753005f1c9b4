import { type SourceNode, walk } from '../source/model.ts';
import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable, notChecked, placeText } from './kit.ts';

export const healthCheck: Rule = {
  id: 'health-check',
  title: 'HealthCheck tests the connection to the backend',
  group: 'checklist',
  severity: 'error',
  why: 'The engine sends work to healthy agents. One that is healthy without its backend takes work that it cannot do.',
  mend: 'Make the cheapest call that proves the backend answers, and fail when it does not.',
  languages: ALL,
  needsWholeSource: true,
  checklist: 8,
  examples: {
    typescript: { bad: 'async healthCheck() {}', good: 'async healthCheck() { await this.#client.ping(); }' },
    go: {
      bad: 'func (p *Plugin) HealthCheck(ctx context.Context) error { return nil }',
      good: 'func (p *Plugin) HealthCheck(ctx context.Context) error { return p.client.Ping(ctx) }',
    },
    python: {
      bad: 'async def health_check(self) -> None:\n    pass',
      good: 'async def health_check(self) -> None:\n    await self._client.ping()',
    },
  },
  check({ graph, config, agent, workspace }) {
    const method = graph.method('healthCheck');
    if (method === undefined) {
      if (workspace.language !== 'python' || agent?.place === undefined)
        return notChecked('the source has no HealthCheck that could be found');
      return checked([
        { message: 'the agent has no health_check, so the SDK always answers healthy', place: agent.place },
      ]);
    }
    const place = method.file.placeAt(method.node.nameAt);
    const call = graph.outwardCall(method);
    if (call !== undefined) return checked([], placeText(call.file.placeOf(call.node)));
    const hasAddress = config.backendVariables.length > 0 || config.dev.backend !== undefined;
    const doesNothing = graph.reachable(method).length === 1 && callsNothing(method.node.body);
    if (!hasAddress && !graph.hasBackend() && !doesNothing)
      return notApplicable('the agent has no backend: nothing in it calls another system');
    return checked([
      { message: 'HealthCheck reaches no backend: it answers healthy whatever happens', place },
    ]);
  },
};

/** Whether a body is only `pass`, `return nil` and the like. */
function callsNothing(body: readonly SourceNode[]): boolean {
  for (const node of walk(body)) if (node.kind === 'call') return false;
  return true;
}
