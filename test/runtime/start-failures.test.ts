import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { portLine } from '../support/child.ts';
import { ROOT } from '../support/tools.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

const RUNTIME = pathToFileURL(join(ROOT, 'dist/runtime/index.js')).href;
const ENV = { MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0', MIRASTACK_PLUGIN_TENANT_SLUG: 'acme' };
const SECRET = 'S3CR3T-default';

let work: Workplace;
afterEach(() => work.close());

/** @param body replaces or adds methods of the plugin; `info` and `Secret` are in scope */
function agentWith(body: string): string {
  return `import { Secret, serve } from '${RUNTIME}';
const actions = [{ id: 'greet', description: 'Greet.', permission: 'READ', stages: ['observe'] }];
const configParams = [{ key: 'token', type: 'string', required: true, description: 'Key', isSecret: true, default: '${SECRET}' }];
const info = { name: 'greeter', version: '1.0.0', description: 'Says hello', permission: 'READ', devopsStages: ['observe'], actions, configParams };
await serve({
  info: () => info,
  schema: () => ({ actions }),
  execute: () => ({ output: {} }),
  healthCheck: () => undefined,
  configUpdated: () => undefined,
  ${body}
});
`;
}

async function run(body: string) {
  work = createWorkplace();
  const file = join(work.makeFolder(), 'agent.mjs');
  writeFileSync(file, agentWith(body));
  const child = work.start(file, [], { env: ENV });
  return { code: await child.exited, stdout: child.stdout, stderr: child.stderr };
}

test.each([
  [
    "info: () => { throw new Error('no manifest'); }",
    'FATAL: the agent cannot start: info() of the plugin failed: no manifest',
  ],
  [
    "info: async () => { throw new TypeError('401 for ' + new Secret('S3CR3T-wrapped').reveal() + '\\n  at the door'); }",
    'FATAL: the agent cannot start: info() of the plugin failed: 401 for *** at the door',
  ],
  [
    `setEngineClient: () => { throw new Error('cannot use ${SECRET}'); }`,
    'FATAL: the agent cannot start: setEngineClient() of the plugin failed: cannot use ***',
  ],
  [
    "setEngineClient: async () => { throw 'a bare text'; }",
    'FATAL: the agent cannot start: setEngineClient() of the plugin failed: a bare text',
  ],
  [
    "info: () => { setTimeout(() => { throw new Error('thrown where nobody waits'); }, 1); return new Promise(() => undefined); }",
    'FATAL: the agent cannot start: thrown where nobody waits',
  ],
])('a plugin with %s ends with one line and 70', async (body, line) => {
  expect(await run(body)).toEqual({ code: 70, stdout: [], stderr: [line] });
});

test('what the user can mend stays 1, and names no secret either', async () => {
  const { code, stderr } = await run(`info: () => ({ ...info, name: '' }),`);
  expect([code, stderr]).toEqual([1, ['FATAL: plugin quality gate failed:', '  - name must not be empty']]);
});

test('a plugin whose setEngineClient takes its time serves afterwards', async () => {
  work = createWorkplace();
  const file = join(work.makeFolder(), 'agent.mjs');
  writeFileSync(file, agentWith('setEngineClient: () => new Promise((resolve) => setTimeout(resolve, 20)),'));
  const child = work.start(file, [], { env: ENV });
  expect(await child.line(portLine)).toBeGreaterThan(0);
  expect(await child.stop()).toBe(0);
});

test('a signal before it serves ends it at once', async () => {
  work = createWorkplace();
  const file = join(work.makeFolder(), 'agent.mjs');
  const body =
    "info: () => { process.stdout.write('STARTING\\n'); return new Promise(() => setInterval(() => undefined, 1_000)); },";
  writeFileSync(file, agentWith(body));
  const child = work.start(file, [], { env: ENV });
  await child.line((line) => (line === 'STARTING' ? true : undefined));
  expect(await child.stop()).toBe(143);
});
