import type { Rule } from '../types.ts';
import { checked, linesOf } from './kit.ts';

const NEEDED = 25;
const GO_LINE = /^go\s+1\.(\d+)/;
const IMAGE = /^\s*FROM\s+(?:--\S+\s+)?(?:\S+\/)?golang:1\.(\d+)/i;

export const sdkGoVersion: Rule = {
  id: 'sdk-go-version',
  title: 'The project asks for a Go that the SDK builds with',
  group: 'sdk',
  severity: 'error',
  why: 'The guide says Go 1.22 and golang:1.22-alpine; the SDK’s go.mod asks for 1.25, which that image does not build.',
  mend: `Use go 1.${NEEDED}.0 in go.mod and golang:1.${NEEDED}-alpine in the Dockerfile.`,
  languages: ['go'],
  examples: { go: { bad: 'FROM golang:1.22-alpine AS builder', good: 'FROM golang:1.25-alpine AS builder' } },
  check({ files }) {
    return checked(
      files.paths
        .filter((path) => path === 'go.mod' || /(^|\/)Dockerfile[^/]*$/.test(path))
        .flatMap((path) =>
          [...linesOf(files.get(path)?.text ?? '')].flatMap(([line, number]) => {
            const minor = (path === 'go.mod' ? GO_LINE : IMAGE).exec(line)?.[1];
            if (minor === undefined || Number(minor) >= NEEDED) return [];
            const place = { file: path, line: number, column: 1 };
            return [{ message: `Go 1.${minor} is older than the SDK’s 1.${NEEDED}`, place }];
          }),
        ),
    );
  },
};
