import type { Rule } from '../types.ts';
import { dockerfilePaths, readDockerfile } from './dockerfile.ts';
import { ALL, checked, notApplicable } from './kit.ts';
import { isSecretValue, secretIn } from './secrets.ts';

export const dockerfileSecret: Rule = {
  id: 'dockerfile-secret',
  title: 'No secret is built into the image',
  group: 'layout',
  severity: 'error',
  why: 'Every layer of an image can be read by whoever can pull it, deleted files and build arguments too.',
  mend: 'Give secrets to the running container, or to the build with --mount=type=secret.',
  languages: ALL,
  examples: { any: { bad: 'ENV MY_AGENT_TOKEN=s3cr3t-4711', good: 'ENV NODE_ENV=production' } },
  check({ files }) {
    const paths = dockerfilePaths(files);
    if (paths.length === 0) return notApplicable('the project has no Dockerfile');
    const findings = paths.flatMap((path) =>
      readDockerfile(path, files.get(path)?.text ?? '').flatMap(({ keyword, rest, place }) => {
        if (secretIn(rest) !== undefined) return [{ message: `${secretIn(rest)} stands in ${path}`, place }];
        if (['COPY', 'ADD'].includes(keyword) && /(^|\s|\/)(\.env|id_rsa|[\w.-]+\.pem)(\s|$)/.test(rest))
          return [{ message: 'a file of secrets is copied into the image', place }];
        if (!['ENV', 'ARG'].includes(keyword)) return [];
        const pairs = rest.includes('=')
          ? [...rest.matchAll(/(\w+)=("[^"]*"|\S+)/g)]
          : [/^(\w+)\s+(.*)$/.exec(rest)];
        const [secret] = pairs.filter(
          (pair) => pair !== null && isSecretValue(pair[1] ?? '', (pair[2] ?? '').replaceAll('"', '')),
        );
        return secret ? [{ message: `the value of ${secret[1]} stands in ${path}`, place }] : [];
      }),
    );
    return checked(findings);
  },
};
