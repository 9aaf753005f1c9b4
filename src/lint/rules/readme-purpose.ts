import type { Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';
import { withReadme } from './readme.ts';
import { wordsOf } from './words.ts';

const MIN_WORDS = 5;

/** What is left of a README without headings, code, tables, pictures and lists of badges. */
function prose(text: string): string {
  return text
    .replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '')
    .split('\n')
    .filter((line) => !/^\s*(#|\||!\[|\[!\[|=+$|-+$|<)/.test(line))
    .join('\n');
}

export const readmePurpose: Rule = {
  id: 'readme-purpose',
  title: 'The README says what the agent does',
  group: 'checklist',
  severity: 'error',
  why: 'It is what people read before they let an agent near their systems.',
  mend: 'Start README.md with a sentence or two about what the agent does, and for which system.',
  languages: ALL,
  checklist: 14,
  examples: {
    any: {
      bad: '# my-agent',
      good: '# my-agent\n\nAnswers questions about the metrics of a cluster from its VictoriaMetrics.',
    },
  },
  check(input) {
    const outcome = withReadme(input, ({ text, path, place }) => {
      const enough = prose(text)
        .split(/\n\s*\n/)
        .some((paragraph) => wordsOf(paragraph).length >= MIN_WORDS);
      return enough
        ? checked([], path)
        : checked([{ message: `${path} does not say what the agent does`, place }]);
    });
    return outcome.kind === 'not-checked' ? checked([{ message: 'there is no README' }]) : outcome;
  },
};
