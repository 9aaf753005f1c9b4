import { gateRule } from './gate.ts';
import { ALL } from './kit.ts';

export const configParamDescribed = gateRule('config', {
  id: 'config-param-described',
  title: 'Every configuration parameter has a key and a description',
  why: 'Operators see the description when they set the value; the engine refuses a parameter without one.',
  mend: 'Give the parameter a key, and say what the value means and what happens when it is empty.',
  languages: ALL,
  examples: {
    typescript: {
      bad: "{ key: 'backend_url', type: 'string', required: false, description: '' }",
      good: "{ key: 'backend_url', type: 'string', required: false, description: 'Address of the backend' }",
    },
    go: { bad: '{Key: "backend_url"}', good: '{Key: "backend_url", Description: "Address of the backend"}' },
    python: {
      bad: 'ConfigParam(key="backend_url")',
      good: 'ConfigParam(key="backend_url", description="Address of the backend")',
    },
  },
});
