import { gateRule } from './gate.ts';
import { ALL } from './kit.ts';

export const pluginDescription = gateRule('description', {
  id: 'plugin-description',
  title: 'Info describes the agent',
  why: 'The LLM and the operators read the description; the engine refuses an agent without one.',
  mend: 'Say in one sentence what the agent does and for which system.',
  languages: ALL,
  needsWholeSource: true,
  checklist: 1,
  examples: {
    typescript: { bad: "description: '  ',", good: "description: 'Queries the metrics of the cluster'," },
    go: { bad: 'Description: "  ",', good: 'Description: "Queries the metrics of the cluster",' },
    python: { bad: 'description="  ",', good: 'description="Queries the metrics of the cluster",' },
  },
});
