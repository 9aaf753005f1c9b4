import type { Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';
import { workingTexts } from './literals.ts';

/** Folders that are this machine's own; what a platform mounts is not. */
const OWN_PATH =
  /^(\/(home|Users|root|mnt|media|opt|srv|usr\/local|var\/(lib|opt|data))\/\S+|[A-Za-z]:\\\S+)$/;

export const hardCodedPath: Rule = {
  id: 'hard-coded-path',
  title: 'No paths of one machine in the code',
  group: 'checklist',
  severity: 'error',
  why: 'The agent runs in a container on a machine that nobody knows beforehand.',
  mend: 'Find files beside the program, or read the path from the environment.',
  languages: ALL,
  checklist: 10,
  examples: {
    typescript: {
      bad: "const file = '/home/anna/certificates/ca.pem';",
      good: "const file = process.env.MY_AGENT_CA_FILE ?? '';",
    },
    go: { bad: 'file := "/home/anna/certificates/ca.pem"', good: 'file := os.Getenv("MY_AGENT_CA_FILE")' },
    python: {
      bad: 'FILE = "/home/anna/certificates/ca.pem"',
      good: 'file = os.environ.get("MY_AGENT_CA_FILE", "")',
    },
  },
  check: (input) =>
    checked(
      workingTexts(input)
        .filter(({ node }) => OWN_PATH.test(node.value))
        .map(({ file, node }) => ({
          message: `the path ${node.value.slice(0, 100)} is of one machine only`,
          place: file.placeOf(node),
        })),
    ),
};
