import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { InvokeRequest } from '../control/index.ts';
import { messageOf, systemCode, UserError } from '../support/errors.ts';
import { suggestName } from '../support/nearest.ts';

/** What is kept: an invoke without what belongs to one run of it. */
export type SavedRequest = Omit<InvokeRequest, 'executionId'>;

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/i;
const FIELDS = ['action', 'agent', 'params', 'time', 'timeRange', 'mode', 'timeoutMs'];

/** `<project>/.mirastack/requests`: meant to be kept with the project. */
const requestsFolder = (folder: string): string => path.join(folder, '.mirastack', 'requests');

function fileOf(folder: string, name: string): string {
  if (NAME.test(name)) return path.join(requestsFolder(folder), `${name}.json`);
  throw new UserError({
    kind: 'usage',
    code: 'bad-request-name',
    message: `${JSON.stringify(name)} is no name for a request: use letters, digits, dots, hyphens and underscores.`,
  });
}

/** Keeps a request as a file of the project. @returns its path */
export async function saveRequest(folder: string, name: string, request: SavedRequest): Promise<string> {
  const file = fileOf(folder, name);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const draft = `${file}.new`;
    await writeFile(draft, `${JSON.stringify(request, null, 2)}\n`);
    await rename(draft, file);
    return file;
  } catch (error) {
    throw new UserError({
      kind: 'io',
      code: 'request-not-saved',
      message: `The request cannot be saved as ${file}: ${messageOf(error)}`,
      cause: error,
    });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const files = await readdir(requestsFolder(folder)).catch(() => []);
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

function isRequest(value: unknown): value is SavedRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { action, params }: { action?: unknown; params?: unknown } = { ...value };
  const known = Object.keys(value).every((key) => FIELDS.includes(key));
  return known && typeof action === 'string' && typeof params === 'object' && params !== null;
}

/** A request of the project by its name. @throws UserError `no-such-request`, `bad-request-file` */
export async function loadRequest(folder: string, name: string): Promise<SavedRequest> {
  const file = fileOf(folder, name);
  const text = await readFile(file, 'utf8').catch(async (error: unknown) => {
    const names = await namesIn(folder);
    throw new UserError({
      kind: 'usage',
      code: 'no-such-request',
      message:
        systemCode(error) === 'ENOENT'
          ? `There is no saved request ${JSON.stringify(name)} in ${requestsFolder(folder)}.`
          : `The saved request ${file} cannot be read: ${messageOf(error)}`,
      hint:
        names.length > 0
          ? `${suggestName(name, names)}Saved: ${names.join(', ')}.`
          : 'Save one with `mirastack-agent invoke <action> --save <name>`.',
    });
  });
  try {
    const value: unknown = JSON.parse(text);
    if (isRequest(value)) return value;
  } catch {
    // Falls through: whatever it is, it is no request.
  }
  throw new UserError({
    kind: 'usage',
    code: 'bad-request-file',
    message: `${file} is no saved request: expected an object with action, params and perhaps ${FIELDS.filter((field) => field !== 'action' && field !== 'params').join(', ')}.`,
  });
}
