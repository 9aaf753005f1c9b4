import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProjectConfig } from '../../src/project/index.ts';
import { UserError } from '../../src/support/errors.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirastack-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(source: string): ReturnType<typeof readProjectConfig> {
  writeFileSync(join(folder, 'mirastack.config.json'), source);
  return readProjectConfig(folder);
}

/** The message behind the file's path. */
function refusal(source: string): string {
  try {
    read(source);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ kind: 'usage', code: 'bad-config' });
    return (error as UserError).message.replace(join(folder, 'mirastack.config.json'), '');
  }
  throw new Error('was not refused');
}

const NOTHING = {
  dev: { watch: [], env: {} },
  backendVariables: [],
  lint: { rules: {}, exceptions: [] },
};

describe('readProjectConfig', () => {
  it('needs neither the file nor any key', () => {
    expect(readProjectConfig(folder)).toEqual(NOTHING);
    expect(read('{}')).toEqual(NOTHING);
    expect(read('\uFEFF{"$schema":"x","dev":{},"lint":{}}')).toEqual(NOTHING);
  });

  it('takes every key', () => {
    const full = {
      dev: {
        backend: { command: ['node', 'dev/backend.mjs', '{port}'], env: { URL: 'http://127.0.0.1:{port}' } },
        watch: ['src/**'],
        env: { LOG: 'debug' },
      },
      backendVariables: ['URL'],
      backendFamily: 'metrics',
      lint: {
        rules: { 'action-description': 'off' },
        exceptions: [{ rule: 'action-description', place: 'actions.ts:3', reason: 'legacy' }],
      },
    };
    expect(read(JSON.stringify(full))).toEqual(full);
    expect(read('{"dev":{"backend":{"command":["x"]}}}').dev.backend).toEqual({ command: ['x'], env: {} });
  });

  it.each([
    ['[]', ': the file must be an object'],
    [
      '{"devv":{}}',
      ': "devv" must be left out: the keys known here are dev, backendVariables, backendFamily, lint',
    ],
    ['{"dev":{"watch":"src"}}', ': "dev.watch" must be a list'],
    ['{"dev":{"watch":[1]}}', ': "dev.watch[0]" must be a string'],
    ['{"dev":{"env":{"A":1}}}', ': "dev.env.A" must be a string'],
    [
      '{"dev":{"env":{"A B":"x"}}}',
      ': "dev.env.A B" must be left out: its name is not the name of an environment variable',
    ],
    ['{"dev":{"backend":{}}}', ': "dev.backend.command" must be there'],
    ['{"dev":{"backend":{"command":[]}}}', ': "dev.backend.command" must be a program and its arguments'],
    ['{"backendVariables":["a-b"]}', ': "backendVariables[0]" must be the name of an environment variable'],
    ['{"lint":{"rules":{"a":"loud"}}}', ': "lint.rules.a" must be "error", "warning" or "off"'],
    ['{"lint":{"exceptions":[{"rule":"a","place":"b"}]}}', ': "lint.exceptions[0].reason" must be there'],
    [
      '{"__proto__":{"dev":1}}',
      ': "__proto__" must be left out: the keys known here are dev, backendVariables, backendFamily, lint',
    ],
  ])('refuses %s', (source, message) => {
    expect(refusal(source)).toBe(message);
  });

  it('refuses what is not JSON', () => {
    expect(refusal('{ "dev": }')).toMatch(/^ is not JSON: /);
  });
});
