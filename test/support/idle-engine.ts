import type { Engine } from '../../src/engine/index.ts';

const absent = (): never => {
  throw new Error('not in this test');
};

/** An engine without agents that can do nothing: tests replace what they need. */
export const IDLE_ENGINE: Engine = {
  address: '127.0.0.1:50051',
  tenantIds: ['d3f6c1de-0000-4000-8000-000000000001'],
  agents: () => [],
  invoke: absent,
  callMethod: absent,
  approvals: () => [],
  decide: absent,
  config: absent,
  setConfig: absent,
  cacheGet: absent,
  cacheSet: absent,
  prompts: () => [],
  prompt: absent,
  setPrompt: absent,
  renderPrompt: absent,
  matchIntents: () => [],
  intentReport: absent,
  history: () => [],
  execution: absent,
  setPolicy: absent,
  setKpis: absent,
  setLicense: absent,
  subscribe: () => () => {},
  eventsSince: () => [],
  stop: async () => {},
};
