import type { Finding, Rule } from '../types.ts';
import { ALL, checked, fileStart } from './kit.ts';
import { isSecretSetting, mayHoldSecret, secretIn } from './secrets.ts';

const KEY_FILE =
  /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|[^/]+\.(p12|pfx|jks|keystore)|\.netrc|\.pgpass|\.git-credentials|credentials\.json)$/;
const ENV_FILE = /(^|\/)\.env(\.(?!example$|sample$|template$|dist$)[\w-]+)?$/;

export const committedSecret: Rule = {
  id: 'committed-secret',
  title: 'No secret lies in the project',
  group: 'layout',
  severity: 'error',
  why: 'What was committed once stays in the history of the repository, for everybody who can read it.',
  mend: 'Take it out, add the file to .gitignore, and replace the secret: it is none any more.',
  languages: ALL,
  examples: { any: { bad: '.env with MY_AGENT_TOKEN=…', good: '.env.example with MY_AGENT_TOKEN=' } },
  check({ files, workspace }) {
    // What the agent's own sources hold is for another rule to say.
    const sources = new Set(workspace.agentFiles.map(({ path }) => path));
    const findings: Finding[] = [];
    for (const path of files.paths) {
      if (sources.has(path)) continue;
      if (KEY_FILE.test(path)) findings.push({ message: `${path} holds secrets`, place: fileStart(path) });
      const text = files.get(path)?.text ?? '';
      if (ENV_FILE.test(path)) {
        for (const [index, line] of text.split('\n').entries()) {
          const [, name = '', value = ''] = /^\s*(?:export\s+)?(\w+)=["']?(.*?)["']?\s*$/.exec(line) ?? [];
          if (isSecretSetting(name, value))
            findings.push({
              message: `the value of ${name} stands in ${path}`,
              place: { file: path, line: index + 1, column: 1 },
            });
        }
      }
      if (!mayHoldSecret(text)) continue;
      const isTest =
        /(^|\/)(tests?|__tests__)\/|_test\.\w+$|\.(test|spec)\.\w+$|(^|\/)(test_[^/]*|conftest)\.py$/.test(
          path,
        );
      for (const [index, line] of text.split('\n').entries()) {
        const what = line.length > MAX_LINE ? undefined : secretIn(line);
        // Documents and tests show addresses with made-up users.
        if (what === undefined || (what === 'an address with a password' && (isTest || !ENV_FILE.test(path))))
          continue;
        findings.push({
          message: `${what} stands in ${path}`,
          place: { file: path, line: index + 1, column: 1 },
        });
      }
    }
    return checked(
      findings.filter((item, index) => index === 0 || lineOf(item) !== lineOf(findings[index - 1])),
    );
  },
};

/** Longer lines are data. */
const MAX_LINE = 10_000;
const lineOf = (finding: Finding | undefined) => `${finding?.place?.file}:${finding?.place?.line}`;
