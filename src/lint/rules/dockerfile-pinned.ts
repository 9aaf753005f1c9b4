import type { Rule } from '../types.ts';
import { dockerfilePaths, readDockerfile, readStages } from './dockerfile.ts';
import { ALL, checked, notApplicable } from './kit.ts';

export const dockerfilePinned: Rule = {
  id: 'dockerfile-pinned',
  title: 'Base images are pinned to a version',
  group: 'layout',
  severity: 'error',
  why: 'An image without a version is another one tomorrow: a build that passed today may not be what runs then.',
  mend: 'Name a version, such as alpine:3.22, or a digest.',
  languages: ALL,
  examples: { any: { bad: 'FROM alpine:latest', good: 'FROM alpine:3.22.1' } },
  check({ files }) {
    const paths = dockerfilePaths(files);
    if (paths.length === 0) return notApplicable('the project has no Dockerfile');
    const findings = paths.flatMap((path) => {
      const stages = readStages(readDockerfile(path, files.get(path)?.text ?? ''));
      const names = new Set(stages.map(({ name }) => name.toLowerCase()));
      return stages
        .filter(({ image }) => !isPinned(image, names))
        .map(({ image, from }) => ({
          message: `the image ${image} is not pinned to a version`,
          place: from.place,
        }));
    });
    return checked(findings);
  },
};

function isPinned(image: string, stages: ReadonlySet<string>): boolean {
  if (
    image === 'scratch' ||
    image.includes('$') ||
    image.includes('@sha256:') ||
    stages.has(image.toLowerCase())
  )
    return true;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return false;
  // Distroless images have no versions but their digest; their tags name a release of Debian in the image's name.
  return /\d/.test(tag) || /distroless\/[\w-]*\d/.test(image);
}
