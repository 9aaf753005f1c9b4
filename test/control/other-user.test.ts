/** What another user of this machine can do with a running engine: nothing (faults.md T4). */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlLab, startControlLab } from '../support/control-lab.ts';
import { createLabPlugin } from '../support/lab-plugin.ts';

const NOBODY = 65_534;
const canBecomeAnother =
  process.getuid?.() === 0 &&
  spawnSync('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', 'true']).status === 0;

/** Runs a program as the user nobody, while this process goes on to serve. */
async function runAsNobody(command: string, args: readonly string[]) {
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const child = spawn('setpriv', [...user, command, ...args], { cwd: '/', timeout: 20_000 });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status: status as number | null, stdout, stderr };
}

/** Asks the API without a library, and prints the status and what came back. */
const ASK = `
const [url, method, path, token] = process.argv.slice(1);
const headers = { ...(token ? { authorization: 'Bearer ' + token } : {}), ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) };
const body = path === '/api/invoke' ? '{"action":"echo","params":{"text":"x"}}' : '{"approved":true,"reviewer":"nobody"}';
fetch(url + path, { method, headers, ...(method === 'POST' ? { body } : {}) })
  .then(async (response) => console.log(response.status, await response.text()));
`;

/** Registers as an agent would, in the engine's own wire format; prints the status of the call. */
const REGISTER = `
const [address] = process.argv.slice(1);
const http2 = require('node:http2');
const session = http2.connect('http://' + address);
const request = session.request({ ':method': 'POST', ':path': '/mirastack.plugin.v1.EngineService/RegisterPlugin', 'content-type': 'application/grpc+json', te: 'trailers' });
const body = Buffer.from(JSON.stringify({ name: 'evil', version: '1', grpc_addr: '127.0.0.1:9', instance_id: 'i', tenant_id: '00000000-0000-4000-8000-000000000000' }));
const head = Buffer.alloc(5);
head.writeUInt32BE(body.length, 1);
let status;
request.on('response', (headers) => { status = headers['grpc-status'] ?? status; });
request.on('trailers', (headers) => { status = headers['grpc-status']; });
request.on('close', () => { console.log('grpc-status ' + status); session.close(); });
request.resume();
request.end(Buffer.concat([head, body]));
`;

describe.skipIf(!canBecomeAnother)('another user (needs root and setpriv)', () => {
  let lab: ControlLab;
  beforeEach(async () => {
    lab = await startControlLab();
    await lab.launch(createLabPlugin());
    // The way there is open, so that only the engine's own walls are in it.
    const base = dirname(lab.folder);
    chmodSync(base, 0o755);
    chmodSync(join(base, 'run'), 0o755);
  });
  afterEach(() => lab.stop());

  const ask = async (method: string, path: string, token = '') => {
    // The interpreter may lie in a folder of root's.
    const { status, stdout, stderr } = await runAsNobody(process.execPath, [
      '-e',
      ASK,
      lab.server.url,
      method,
      path,
      token,
    ]);
    expect([status, stderr]).toEqual([0, '']);
    return stdout;
  };

  it('cannot read the token', async () => {
    const folder = join(dirname(lab.folder), 'run', 'mirastack');
    const [file = ''] = readdirSync(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    for (const [command, target] of [
      ['cat', join(folder, file)],
      ['ls', folder],
    ] as const) {
      const { status, stdout } = await runAsNobody(command, [target]);
      expect([status === 0, stdout]).toEqual([false, '']);
    }
  });

  it('cannot register without the tenant, which is as secret as the token', async () => {
    const { stdout } = await runAsNobody(process.execPath, ['-e', REGISTER, lab.engine.address]);
    // PERMISSION_DENIED
    expect(stdout).toBe('grpc-status 7\n');
    expect(lab.engine.agents().map((agent) => agent.name)).toEqual(['my_agent']);
  });

  it('can neither invoke nor approve, and gets no token for asking', async () => {
    const invoked = lab.client.invoke({ action: 'restart', params: { service: 'db', force: true } });
    await expect.poll(() => lab.engine.approvals().length).toBe(1);
    const id = lab.engine.approvals()[0]?.id ?? '';
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/api/engine'],
      ['GET', '/api/events'],
      ['POST', '/api/invoke'],
      ['POST', `/api/approvals/${id}/decision`],
    ] as const)
      for (const token of ['', '0'.repeat(64)]) {
        const answer = await ask(method, path, token);
        expect(answer).toMatch(path === '/' ? /^404 / : /^401 /);
        expect(answer).not.toContain(lab.server.token);
      }
    expect(lab.engine.approvals()[0]?.state).toBe('pending');
    expect(lab.engine.history().map((item) => item.action)).toEqual(['restart']);
    await lab.client.decide(id, { approved: false, reviewer: 'me' });
    expect(await invoked).toMatchObject({ outcome: 'denied' });
  });
});
