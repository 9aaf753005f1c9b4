import type { Rule } from '../types.ts';
import { dockerfilePaths, readDockerfile, readStages } from './dockerfile.ts';
import { ALL, checked, notApplicable, placeText } from './kit.ts';

const ROOT = /^(root|0)(:.*)?$/;

export const dockerfileUser: Rule = {
  id: 'dockerfile-user',
  title: 'The container does not run as root',
  group: 'layout',
  severity: 'error',
  why: 'An agent takes work from a network; root in its container is one fault away from root on the machine.',
  mend: 'Add a user and a USER instruction to the last stage.',
  languages: ALL,
  examples: {
    any: {
      bad: 'FROM alpine:3.22\nENTRYPOINT ["agent"]',
      good: 'FROM alpine:3.22\nUSER 10001\nENTRYPOINT ["agent"]',
    },
  },
  check({ files }) {
    const paths = dockerfilePaths(files);
    if (paths.length === 0) return notApplicable('the project has no Dockerfile');
    let proof = '';
    const findings = paths.flatMap((path) => {
      const last = readStages(readDockerfile(path, files.get(path)?.text ?? '')).at(-1);
      if (last === undefined) return [];
      const user = last.instructions.filter(({ keyword }) => keyword === 'USER').at(-1);
      if (user === undefined && /nonroot/.test(last.image)) return [];
      if (user !== undefined && !ROOT.test(user.rest)) {
        proof = placeText(user.place);
        return [];
      }
      return [{ message: `the last stage of ${path} runs as root`, place: user?.place ?? last.from.place }];
    });
    return checked(findings, proof);
  },
};
