import type { Rule } from '../types.ts';
import { ALL, checked, linesOf, notApplicable, templatePaths } from './kit.ts';

const IDENTITY =
  /\b(you are (an? |the )?(mira\b|ai\b|assistant|helpful|expert|senior|large language|language model|chatbot|agent|sre\b|devops)|you are mira|i am mira|your name is|act as (an? |the )|pretend to be|as an ai\b|your (persona|role) is)/i;

export const templateIdentity: Rule = {
  id: 'template-identity',
  title: 'Prompt templates say nothing about who the LLM is',
  group: 'templates',
  severity: 'error',
  why: 'The engine’s own template gives the LLM its identity; a second one contradicts it.',
  mend: 'Say what the agent’s actions do and how to read their results, not who the LLM is.',
  languages: ALL,
  examples: {
    any: {
      bad: 'You are MIRA, a helpful SRE assistant.',
      good: 'A list may be half a minute old. Use get_item for the state of this moment.',
    },
  },
  check({ files }) {
    const paths = templatePaths(files);
    if (paths.length === 0) return notApplicable('the project has no templates');
    return checked(
      paths.flatMap((path) =>
        [...linesOf(files.get(path)?.text ?? '')].flatMap(([line, number]) => {
          const match = IDENTITY.exec(line);
          if (match === null) return [];
          const place = { file: path, line: number, column: match.index + 1 };
          return [{ message: `"${match[0]}" is a statement about identity`, place }];
        }),
      ),
      paths.join(', '),
    );
  },
};
