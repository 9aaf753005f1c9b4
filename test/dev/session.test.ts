import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/dev/clock.ts';
import { createDevSession, type DevEvent, type DevSession } from '../../src/dev/index.ts';
import { createLauncher, type Launcher } from '../../src/launch/index.ts';
import { findProject } from '../../src/project/index.ts';
import { findBySession } from '../launch/processes.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/dev/project', import.meta.url));

let folder: string;
let launcher: Launcher;
let engine: FakeEngine;
let session: DevSession;
let events: DevEvent[];

const source = () => join(folder, 'src/agent.js');
const original = readFileSync(join(FIXTURE, 'src/agent.js'), 'utf8');
const save = (text: string) => writeFileSync(source(), text);
const saveVersion = (version: string) => save(original.replace("'1'", `'${version}'`));

const ofType = <T extends DevEvent['type']>(type: T) =>
  events.filter((event): event is Extract<DevEvent, { type: T }> => event.type === type);
const versions = () => ofType('ready').map((event) => event.version);
const types = () => events.map((event) => event.type).filter((type) => type !== 'agent-log');

/** Resolves with the first event, past ones included, that passes. */
function seen(test: (event: DevEvent) => boolean): Promise<DevEvent> {
  const past = events.find(test);
  if (past !== undefined) return Promise.resolve(past);
  return new Promise((resolve) => {
    const unsubscribe = session.subscribe((event) => {
      if (!test(event)) return;
      unsubscribe();
      resolve(event);
    });
  });
}
const ready = (generation: number) => seen((e) => e.type === 'ready' && e.generation === generation);

function open(options: { env?: Record<string, string>; hurry?: number } = {}): DevSession {
  session = createDevSession({
    project: findProject(folder),
    launcher,
    engine,
    baseEnv: { ...process.env, MIRASTACK_PLUGIN_ADVERTISE_ADDR: 'elsewhere:1', ...options.env },
    tenantId: 'tenant',
    clock: {
      ...systemClock,
      after: (ms, callback) => systemClock.after(ms / (options.hurry ?? 1), callback),
    },
  });
  session.subscribe((event) => events.push(event));
  return session;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mirastack-test-'));
  cpSync(FIXTURE, folder, { recursive: true });
  events = [];
  launcher = await createLauncher();
  engine = await startFakeEngine();
});
afterEach(async () => {
  await session.stop();
  await launcher.close();
  await engine.stop();
  expect(findBySession(launcher.sessionId)).toEqual([]);
  rmSync(folder, { recursive: true });
});

describe('a dev session', () => {
  it('brings up backend and agent, replaces the agent after a save, and stops', async () => {
    await open().start();
    expect(await ready(1)).toMatchObject({ agent: 'demo', version: '1', generation: 1 });
    const { backend } = session;
    expect(engine.hellos[0]?.env).toMatchObject({
      MIRASTACK_ENGINE_ADDR: engine.address,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
      MIRASTACK_PLUGIN_TENANT_ID: 'tenant',
      MIRASTACK_PLUGIN_HEARTBEAT_INTERVAL: '2',
      BACKEND_URL: `http://127.0.0.1:${backend?.port}`,
      GREETING: 'hello',
    });
    expect(engine.hellos[0]?.env).not.toHaveProperty('MIRASTACK_PLUGIN_ADVERTISE_ADDR');
    expect((await fetch(backend?.env.BACKEND_URL ?? '')).ok).toBe(true);
    saveVersion('2');
    expect(await ready(2)).toMatchObject({ version: '2' });
    await session.stop();
    await session.stop();
    await session.done;
    const round = ['building', 'launching', 'ready'];
    expect(types()).toEqual(['engine-listening', ...round, ...round, 'stopped']);
    expect(engine.mostAtOnce).toBe(1);
    expect(events.every((event) => new Date(event.at).toISOString() === event.at)).toBe(true);
  });

  it('keeps the old generation when a build fails, and says where', async () => {
    await open().start();
    await ready(1);
    save('const a = 1;\nconst b = ;\n');
    const failed = await seen((event) => event.type === 'build-failed');
    expect(failed).toMatchObject({ generation: 2, file: 'src/agent.js', line: 2 });
    expect(failed).toHaveProperty('message', "SyntaxError: Unexpected token ';'");
    expect(findBySession(launcher.sessionId)).toContain(engine.hellos[0]?.pid);
    saveVersion('3');
    expect(await ready(2)).toMatchObject({ version: '3' });
  });

  it('answers a storm of saves with the last content and two generations at most', async () => {
    await open({ env: { BUILD_DELAY_MS: '100' } }).start();
    await ready(1);
    for (let i = 0; i < 1_000; i++) {
      writeFileSync(join(folder, 'src', `file-${i % 100}.js`), String(i));
      saveVersion(`storm-${i}`);
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const last = await seen((event) => event.type === 'ready' && event.version === 'storm-999');
    expect(last.generation).toBeLessThanOrEqual(3);
    expect(engine.mostAtOnce).toBe(1);
  });

  it('starts over when a save overtakes a build, a launch, or the end of the old agent', async () => {
    await open({ env: { BUILD_DELAY_MS: '60' } }).start();
    await ready(1);
    for (let i = 0; i < 12; i++) {
      const count = events.length;
      saveVersion(`v${i}`);
      const step = (['building', 'launching'] as const)[i % 2];
      await seen((event) => event.type === step && events.indexOf(event) >= count);
    }
    await seen((event) => event.type === 'ready' && event.version === 'v11');
    expect(engine.mostAtOnce).toBe(1);
    expect(engine.hellos.at(-1)?.version).toBe('v11');
  });

  it('launches a crashed agent again, later each time, and gives up until the next save', async () => {
    await open({ hurry: 50 }).start();
    await ready(1);
    save("console.log('MIRASTACK_PLUGIN_PORT=1'); process.exitCode = 3;");
    await seen((event) => event.type === 'warning' && event.message.includes('too often'));
    expect(ofType('agent-exited')).toHaveLength(5);
    expect(ofType('agent-exited')[0]).toMatchObject({ code: 3, signal: null, generation: 2 });
    const delays = ofType('warning').map((event) => /in ([\d.]+) s/.exec(event.message)?.[1]);
    expect(delays).toEqual(['0.5', '1', '2', '4', undefined]);
    expect(ofType('building')).toHaveLength(2);
    saveVersion('4');
    expect(await ready(7)).toMatchObject({ version: '4' });
  });

  it('is ready only when the agent is healthy, and says why it is not', async () => {
    engine.health = 'unhealthy';
    await open().start();
    await seen((event) => event.type === 'warning' && event.message === 'demo is unhealthy: backend down');
    expect(versions()).toEqual([]);
    engine.health = 'healthy';
    engine.probe();
    expect(versions()).toEqual(['1']);
    engine.health = 'unhealthy';
    engine.probe();
    engine.probe();
    expect(ofType('warning')).toHaveLength(2);
  });

  it('passes on what the engine warns of, and the end of the backend', async () => {
    await open().start();
    await ready(1);
    engine.emit({ type: 'warning', agent: 'demo', message: 'refused' });
    process.kill(session.backend?.pid ?? 0, 'SIGKILL');
    await seen((e) => e.type === 'warning' && e.message === 'the backend was ended by SIGKILL');
    expect(ofType('warning')[0]?.message).toBe('refused');
    expect(versions()).toEqual(['1']);
  });

  it('takes up a changed mirastack.config.json', async () => {
    await open().start();
    await ready(1);
    const file = join(folder, 'mirastack.config.json');
    writeFileSync(file, '{ "dev": { "env": { "GREETING": 5 } } }');
    const failed = await seen((event) => event.type === 'build-failed');
    expect(failed).toMatchObject({ file: 'mirastack.config.json' });
    expect(failed).toHaveProperty('message', expect.stringContaining('"dev.env.GREETING" must be a string'));
    writeFileSync(file, '{ "dev": { "env": { "GREETING": "moin" } } }');
    await ready(2);
    expect(engine.hellos.at(-1)?.env.GREETING).toBe('moin');
  });

  it('builds and launches anew on a wish', async () => {
    await open().start();
    await ready(1);
    session.restart();
    await ready(2);
  });

  it('refuses to start without a backend, and leaves nothing', async () => {
    writeFileSync(join(folder, 'backend.mjs'), 'process.exit(1)');
    await expect(open().start()).rejects.toMatchObject({ code: 'service-exited' });
    expect(types()).toEqual(['stopped']);
  });

  it('can be stopped while it starts', async () => {
    const started = open().start();
    await session.stop({ graceMs: 0 });
    await started;
    expect(types()).toEqual(['stopped']);
  });

  it('ignores what is not a source', async () => {
    await open().start();
    await ready(1);
    for (const name of ['node_modules/a', '.git', 'dist/deep', '.mirastack/dev']) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'file.js'), 'x');
    }
    writeFileSync(join(folder, 'src/.agent.js.swp'), 'x');
    saveVersion('2');
    await ready(2);
    expect(ofType('building')).toHaveLength(2);
  });
});
