import type { SourceNode } from '../source/model.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';
import { isSecretValue, mayHoldSecret, secretIn } from './secrets.ts';

export const hardCodedCredential: Rule = {
  id: 'hard-coded-credential',
  title: 'No credentials in the code',
  group: 'checklist',
  severity: 'error',
  why: 'Whoever can read the repository or the image can use them, and they stay in its history.',
  mend: 'Read it from an environment variable or a secret configuration parameter, and replace it: it is no secret any more.',
  languages: ALL,
  checklist: 10,
  examples: {
    typescript: {
      bad: "const password = 'hunter2!';",
      good: "const password = process.env.MY_AGENT_PASSWORD ?? '';",
    },
    go: { bad: 'password := "hunter2!"', good: 'password := os.Getenv("MY_AGENT_PASSWORD")' },
    python: { bad: 'PASSWORD = "hunter2!"', good: 'password = os.environ.get("MY_AGENT_PASSWORD", "")' },
  },
  check({ workspace }) {
    const findings: Finding[] = [];
    for (const file of workspace.agentFiles) {
      const report = (node: SourceNode, what: string) =>
        findings.push({ message: `${what} stands in the code`, place: file.placeOf(node) });
      const isSuspicious = mayHoldSecret(file.text);
      for (const node of file.nodes) {
        if (node.kind === 'text' && isSuspicious) {
          const what = secretIn(node.value);
          if (what !== undefined) report(node, what);
        }
        for (const [name, value] of namedTexts(node))
          if (secretIn(value.value) === undefined && isSecretValue(name, value.value))
            report(value.node, `the value of ${name}`);
      }
    }
    return checked(findings);
  },
};

/** Names and the literal texts they are given. */
function* namedTexts(
  node: SourceNode,
): Generator<readonly [name: string, value: { value: string; node: SourceNode }]> {
  const entry = (name: string, value: SourceNode) =>
    value.kind === 'text' && !value.holes
      ? ([name, { value: value.value, node: value }] as const)
      : undefined;
  const entries =
    node.kind === 'assign'
      ? node.targets.map((target) =>
          entry(target.kind === 'name' ? (target.path.at(-1) ?? '') : '', node.value),
        )
      : node.kind === 'record'
        ? node.fields.map((field) => entry(field.name, field.value))
        : node.kind === 'call'
          ? node.named.map((field) => entry(field.name, field.value))
          : [];
  for (const item of entries) if (item !== undefined) yield item;
}
