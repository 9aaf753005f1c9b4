import { known } from '../agent/facts.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';
import { workingTexts } from './literals.ts';

const PROMPT_START =
  /^\s*(you are (an?|the) |you have access to |act as (an?|the) |your (task|job|role) is |as an? (ai|assistant|language model)\b|system prompt)/i;
/** Shorter sentences are messages. */
const MIN_PROMPT_CHARS = 60;

export const promptInCode: Rule = {
  id: 'prompt-in-code',
  title: 'Prompts live in templates, not in the code',
  group: 'checklist',
  severity: 'error',
  why: 'Operators read and change prompts in the engine’s store; what stands in the code they can neither see nor mend.',
  mend: 'Move the text to a file templates/<name>.tmpl and load it.',
  languages: ALL,
  checklist: 11,
  examples: {
    typescript: {
      bad: "promptTemplates: [{ name: 'my_agent_guide', description: '…', content: 'You have access to …' }],",
      good: "promptTemplates: loadPromptTemplates('templates'),",
    },
    go: {
      bad: '{Name: "my_agent_guide", Content: "You have access to …"}',
      good: 'PromptTemplates: loadEmbeddedPromptTemplates(),',
    },
    python: {
      bad: 'PromptTemplate(name="my_agent_guide", content="You have access to …")',
      good: 'prompt_templates=load_prompt_templates(),',
    },
  },
  check(input) {
    const findings: Finding[] = [];
    const inDeclaration = new Set<string>();
    for (const template of input.declared?.templates.items ?? []) {
      const content = known(template.content);
      if (content === undefined || content.trim() === '') continue;
      inDeclaration.add(content);
      const place =
        template.content.state === 'known' ? (template.content.place ?? template.place) : template.place;
      findings.push({
        message: `the text of the prompt template ${known(template.name) ?? '?'} is a string literal`,
        place,
      });
    }
    for (const { file, node } of workingTexts(input)) {
      if (
        node.value.length < MIN_PROMPT_CHARS ||
        !PROMPT_START.test(node.value) ||
        inDeclaration.has(node.value)
      )
        continue;
      findings.push({ message: 'a prompt is hard-coded as a string literal', place: file.placeOf(node) });
    }
    return checked(findings);
  },
};
