import type { Rule } from '../types.ts';
import { ALL, checked, notApplicable } from './kit.ts';
import { mentions, withReadme } from './readme.ts';

/** Set by the platform, by every shell or by Node: nobody has to be told. */
const COMMON =
  /^(MIRASTACK_.*|OTEL_.*|PATH|HOME|USER|PWD|SHELL|TERM|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|HOSTNAME|NODE_ENV|CI|NO_COLOR|DEBUG|LOG_LEVEL|HTTPS?_PROXY|NO_PROXY|PYTHON.*|GO[A-Z]+)$/;

export const readmeVariables: Rule = {
  id: 'readme-variables',
  title: 'The README names every environment variable that the agent reads',
  group: 'checklist',
  severity: 'error',
  why: 'Whoever deploys the agent has only the README to learn what it needs.',
  mend: 'Add the variable to README.md, with what it means and whether it must be set.',
  languages: ALL,
  checklist: 14,
  examples: {
    typescript: {
      bad: 'process.env.MY_AGENT_BACKEND_URL without a word in README.md',
      good: '| `MY_AGENT_BACKEND_URL` | yes | Address of the backend |',
    },
    go: {
      bad: 'os.Getenv("MY_AGENT_BACKEND_URL") without a word in README.md',
      good: '| `MY_AGENT_BACKEND_URL` | yes | Address of the backend |',
    },
    python: {
      bad: 'os.environ["MY_AGENT_BACKEND_URL"] without a word in README.md',
      good: '| `MY_AGENT_BACKEND_URL` | yes | Address of the backend |',
    },
  },
  check(input) {
    const names = new Map(input.graph.environment().map(({ name, place }) => [name, place]));
    for (const name of input.config.backendVariables)
      if (!names.has(name)) names.set(name, { file: 'mirastack.config.json', line: 1, column: 1 });
    const own = [...names].filter(([name]) => !COMMON.test(name));
    if (own.length === 0) return notApplicable('the agent reads no variable of its own');
    return withReadme(input, ({ text, path }) =>
      checked(
        own
          .filter(([name]) => !mentions(text, name))
          .map(([name, place]) => ({
            message: `${path} does not name the environment variable ${name}`,
            place,
          })),
        path,
      ),
    );
  },
};
