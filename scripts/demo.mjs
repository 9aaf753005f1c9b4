// The main job, on a fresh machine: scaffold an agent, run it on the embedded engine against a real backend,
// call it, change it, call it again, take its backend away. Uses the packed tarball, as a user would.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { installDependencies, ROOT, run } from './steps.mjs';

const LIST_DEADLINE_MS = 30_000;

const say = (text) => process.stdout.write(`${text}\n`);
const step = (text) => say(`\n== ${text}`);

installDependencies();
run(process.execPath, ['scripts/build.mjs']);

const folder = mkdtempSync(join(tmpdir(), 'mirastack-demo-'));
const project = join(folder, 'my-agent');
const toolkit = join(project, 'node_modules/create-mirastack-agent/bin/mirastack-agent.js');
let dev;

// Session files go there too, so that nothing is left elsewhere.
process.env.XDG_RUNTIME_DIR = folder;

/** Runs a command of the toolkit in the project, shows it and its answer, and returns the answer. */
function command(...args) {
  say(`$ npx --no-install mirastack-agent ${args.join(' ')}`);
  const answer = execFileSync(process.execPath, [toolkit, ...args], { cwd: project, encoding: 'utf8' });
  say(answer.trimEnd());
  return answer;
}

/** Starts `dev --json`; `event` resolves with the next event that passes the test. */
function startDev() {
  const child = spawn(process.execPath, [toolkit, 'dev', '--json', '--health-interval', '0.5'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const waiting = [];
  const events = [];
  let taken = 0;
  const deliver = () => {
    while (waiting.length > 0 && taken < events.length) {
      const event = events[taken++];
      if (waiting[0].wanted(event)) waiting.shift().resolve(event);
    }
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line));
    deliver();
  });
  const event = (wanted) =>
    new Promise((resolve, reject) => {
      waiting.push({ wanted, resolve });
      deliver();
      exited.then((code) => reject(new Error(`dev ended with ${code}`)));
    });
  return { child, exited, event };
}

async function untilListed(health) {
  const endsAt = performance.now() + LIST_DEADLINE_MS;
  for (;;) {
    const { agents } = JSON.parse(
      execFileSync(process.execPath, [toolkit, 'list', '--json'], { cwd: project, encoding: 'utf8' }),
    );
    if (agents[0]?.health === health) return;
    if (performance.now() > endsAt) throw new Error(`list did not turn ${health}`);
    await sleep(200);
  }
}

async function post(url, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

async function demo() {
  step('Scaffold');
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    }),
  );
  const tarball = join(folder, packed.filename);
  run(process.execPath, [
    join(ROOT, 'bin/create-mirastack-agent.js'),
    project,
    '--yes',
    '--toolkit',
    tarball,
  ]);

  step('Run it on the embedded engine, with its own backend');
  dev = startDev();
  const listening = await dev.event((event) => event.type === 'engine-listening');
  const first = await dev.event((event) => event.type === 'ready');
  say(`${first.agent} ${first.version} is ready after ${first.ms} ms`);
  command('list');

  step('Call it');
  const before = command('invoke', 'get_item', '--param', 'id=item-001');

  step('Change a source file; the agent restarts by itself');
  const source = join(project, 'actions.ts');
  const changed = readFileSync(source, 'utf8').replace('respond({ item:', "respond({ note: 'edited', item:");
  writeFileSync(source, changed);
  const second = await dev.event((event) => event.type === 'ready');
  say(`generation ${second.generation} is ready ${second.ms} ms after the save`);
  const after = command('invoke', 'get_item', '--param', 'id=item-001');
  if (before === after || !after.includes('"note": "edited"')) throw new Error('the answer did not change');

  step('Take the backend down; the agent turns unhealthy');
  await post(`${Object.values(listening.backendEnv)[0]}/admin/down`, { down: true });
  await untilListed('unhealthy');
  command('list');

  step('Stop');
  dev.child.kill('SIGINT');
  const code = await dev.exited;
  if (code !== 130) throw new Error(`dev ended with ${code}, expected 130`);
  say('Done. Nothing is left behind.');
}

let exitCode = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => dev?.child.kill('SIGINT'));
try {
  await demo();
} catch (error) {
  process.stderr.write(`The demo failed: ${error.message}\n`);
  exitCode = 1;
} finally {
  if (dev !== undefined) {
    dev.child.kill('SIGINT');
    await dev.exited;
  }
  rmSync(folder, { recursive: true, force: true });
}
process.exit(exitCode);
