import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Why a build failed, and where, as far as the tool's output says. */
export interface BuildFailure {
  readonly message: string;
  /** Relative to the project where it lies inside. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}

// `main.ts:3:5`, `src/main.ts(3,5)`, `./main.go:12:3`; the name may stand behind a box's frame.
const PLACE = /(?<file>(?:[A-Za-z]:)?[\w@./\\+-]*[\w@+-]\.\w+)(?::(?<line>\d+)|\((?<tupleLine>\d+),\d+\))/;
// The last alternative is how Go heads what it says about a package.
const NOISE = /^(?:(?:\[?error\]?:?)?\s*Build failed with \d+ errors?:?|# \S+)$/i;
const MAX_MESSAGE = 500;

/** Frames of the tool's own stack and the parts of a drawn box say nothing to the user. */
const isTalk = (line: string) => line !== '' && !/^at /.test(line) && !NOISE.test(line) && /\w/.test(line);

/** How Python's compileall heads what it says about one file, whose name it writes as Python would. */
const COMPILEALL = /^\*\*\* Error compiling (?:'(?<file>.*)'|"(?<quoted>.*)")\.\.\.$/;

/** The first file that Python could not compile. Only the heading names it in full, and only the rest has the line. */
function readCompileall(lines: readonly string[], directory: string): BuildFailure | undefined {
  const groups = lines.map((line) => COMPILEALL.exec(line)?.groups);
  const start = groups.findIndex((group) => group !== undefined);
  if (start === -1) return undefined;
  const next = groups.findIndex((group, index) => index > start && group !== undefined);
  const block = lines.slice(start + 1, next === -1 ? undefined : next);
  const said = block.find((line) => /^(?:Sorry: )?\w+Error: /.test(line)) ?? 'the file does not compile';
  const message = said.replace(/^Sorry: | \(.*, line \d+\)$/g, '');
  const line = block.map((text) => /^(?:File ".*"|Sorry: .*), line (\d+)\)?$/.exec(text)?.[1]).find(Boolean);
  const file = (groups[start]?.file ?? groups[start]?.quoted ?? '').replaceAll('\\\\', '\\');
  return {
    message: message.slice(0, MAX_MESSAGE),
    file: relativeTo(directory, file),
    ...(line === undefined ? {} : { line: Number(line) }),
  };
}

/**
 * Reads a compiler's or bundler's output for the first fault. Only a place whose file exists in the project
 * counts: tools print versions, times and their own stacks in the same form.
 */
export function readBuildFailure(output: string, directory: string): BuildFailure {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim());
  const python = readCompileall(lines, directory);
  if (python !== undefined) return python;
  const message =
    lines.find((line) => /error|cannot|could not|unexpected/i.test(line) && isTalk(line)) ??
    lines.find(isTalk) ??
    'the build failed without a word';
  const place = lines
    .filter((line) => !/^at /.test(line))
    .map((line) => PLACE.exec(line)?.groups)
    .find((groups) => groups?.file !== undefined && existsSync(resolveIn(directory, groups.file)));
  const line = Number(place?.line ?? place?.tupleLine);
  return {
    message: message.slice(0, MAX_MESSAGE),
    ...(place?.file === undefined ? {} : { file: relativeTo(directory, place.file) }),
    ...(Number.isSafeInteger(line) && line > 0 ? { line } : {}),
  };
}

const resolveIn = (directory: string, file: string) => (isAbsolute(file) ? file : join(directory, file));

function relativeTo(directory: string, file: string): string {
  const path = relative(directory, resolveIn(directory, file));
  return path.startsWith('..') ? file : path;
}
