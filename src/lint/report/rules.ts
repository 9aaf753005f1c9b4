import type { Rule, RuleGroup } from '../types.ts';

export const GROUP_TITLES: Readonly<Record<RuleGroup, string>> = {
  gates: 'Gates',
  schema: 'Info and Schema',
  checklist: 'The publishing checklist',
  templates: 'Prompt templates',
  conduct: 'What an agent must not do',
  sdk: 'Traps of the SDKs',
  layout: 'Layout, container, intents, secrets',
  release: 'Comparing with another revision',
};

const LANGUAGES = { typescript: 'TypeScript', go: 'Go', python: 'Python', any: 'Every language' } as const;

/** One rule as Markdown; the rules page is made of these, and a person asks for one with `--explain`. */
export function explainRule(rule: Rule, level = '##'): string {
  const about = [
    `${rule.severity}`,
    ...(rule.checklist === undefined ? [] : [`point ${rule.checklist} of the checklist`]),
    ...(rule.isLive ? ['asks the running agent'] : []),
    rule.languages.map((language) => LANGUAGES[language]).join(', '),
  ];
  const examples = (['any', 'typescript', 'go', 'python'] as const).flatMap((language) => {
    const example = rule.examples[language];
    if (example === undefined) return [];
    return [
      `${LANGUAGES[language]}, bad and good:`,
      '',
      // Pieces are no whole programs: a formatter would mend what is meant to be bad.
      '```text',
      example.bad,
      '```',
      '',
      '```text',
      example.good,
      '```',
      '',
    ];
  });
  return [
    `${level} ${rule.id}`,
    '',
    `${rule.title}. (${about.join('; ')})`,
    '',
    rule.why,
    '',
    `**How to mend it:** ${rule.mend}`,
    '',
    ...examples,
  ]
    .join('\n')
    .trimEnd();
}

/** The page of all rules. */
export function rulesPage(rules: readonly Rule[]): string {
  const groups = Object.keys(GROUP_TITLES) as RuleGroup[];
  const parts = groups.flatMap((group) => [
    `## ${GROUP_TITLES[group]}`,
    ...rules.filter((rule) => rule.group === group).map((rule) => explainRule(rule, '###')),
  ]);
  return [
    '# Rules of `mirastack-agent lint`',
    'Made from the rules by `node scripts/build-rule-docs.mjs`; do not edit it. How the command is used: [lint.md](lint.md).',
    ...parts,
  ]
    .join('\n\n')
    .concat('\n');
}
