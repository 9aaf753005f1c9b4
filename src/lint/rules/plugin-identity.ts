import { gateRule } from './gate.ts';
import { ALL } from './kit.ts';

export const pluginIdentity = gateRule('identity', {
  id: 'plugin-identity',
  title: 'Info names the agent and its version',
  why: 'The name is the key under which the engine keeps the agent; without name and version it is refused.',
  mend: 'Set the name and the version in the PluginInfo.',
  languages: ALL,
  needsWholeSource: true,
  examples: {
    typescript: { bad: "name: '',", good: "name: 'my_agent'," },
    go: { bad: 'Name: "",', good: 'Name: "my_agent",' },
    python: { bad: 'name="",', good: 'name="my_agent",' },
  },
});
