// From the start of an agent's process to its port line, against a bare grpc-js server's own start on the same Node:
// a generated project as it is built, and the same built for production, into one bundle with the runtime and grpc-js.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rolldown } from 'rolldown';
import { installNode, makeProject } from './lab/programs.mjs';
import { compare, machine, rotated } from './lab/rows.mjs';
import { launch } from './lab/subject.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 31);
const LINES = ['20', '22', '24'];

const BASE = 'bare grpc-js server';
const SETTLE_MS = 500;
const ENV = { MY_AGENT_BACKEND_URL: 'http://127.0.0.1:9' };

async function bundle(input, options, output) {
  // The project has not installed what only tracing needs.
  const external = /^@opentelemetry\//;
  const build = await rolldown({ input, platform: 'node', checks: { eval: false }, external, ...options });
  await build.write({ format: 'esm', ...output });
  await build.close();
}

/** grpc-js loads it for channelz and ORCA alone, which agents do not serve: so it stays out of the start path. */
const withoutProtoLoader = {
  name: 'without-proto-loader',
  resolveId: (source, importer) =>
    source === '@grpc/proto-loader' && importer?.includes('grpc-js') ? { id: source, external: true } : null,
};

/** CommonJS knows no top-level await; the one in main.ts is its last statement. */
const withoutTopLevelAwait = {
  name: 'without-top-level-await',
  transform: (code, id) => (id.endsWith('main.ts') ? code.replace('await serve(', 'serve(') : null),
};

/** Chunks stay apart, so that what an agent rarely needs is not read at its start. */
const IN_CHUNKS = { chunkFileNames: 'chunks/[name]-[hash].js', minify: true };

/** Builds what needs building in the project's folder. */
async function build(folder) {
  const main = join(folder, 'main.ts');
  // As the project's own rolldown.config.js has it: what is in node_modules stays there.
  await bundle(main, { external: /^(?!\.|\/)/ }, { file: join(folder, 'dist/main.js') });
  await bundle(main, { plugins: [withoutProtoLoader] }, { dir: join(folder, 'production'), ...IN_CHUNKS });
  await bundle(
    main,
    { plugins: [withoutProtoLoader, withoutTopLevelAwait] },
    {
      format: 'cjs',
      dir: join(folder, 'production-cjs'),
      entryFileNames: '[name].cjs',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      minify: true,
    },
  );
  await bundle(
    join(folder, 'subjects/bare-server.mjs'),
    { plugins: [withoutProtoLoader] },
    { dir: join(folder, 'bare-bundle'), ...IN_CHUNKS },
  );
}

/** What Node is to run, by subject. */
function programsOf(folder, cache) {
  const bare = join(folder, 'subjects/bare-server.mjs');
  const production = join(folder, 'production/main.js');
  const withCompileCache = join(folder, 'subjects/with-compile-cache.mjs');
  return {
    [BASE]: [bare],
    [`${BASE} (A/A)`]: [bare],
    'our agent, unbundled': [join(folder, 'dist/main.js')],
    'our agent, for production': [production],
    // Node 20 has no compile cache: there this is the row above with one more module.
    'our agent, for production, compile cache': [withCompileCache, production, cache],
    'our agent, for production, CommonJS and code cache': [
      join(folder, 'subjects/with-code-cache.cjs'),
      join(folder, 'production-cjs/main.cjs'),
      cache,
    ],
    [`${BASE}, bundled`]: [join(folder, 'bare-bundle/bare-server.js')],
    'node:http2 alone': [join(folder, 'subjects/http2-alone.cjs')],
    'Node alone': [join(folder, 'subjects/node-alone.cjs')],
  };
}

/** Fills the caches: Node writes its own when the process ends by itself. */
async function warmUp(node, args) {
  const subject = await launch(node, args, { env: ENV });
  await sleep(SETTLE_MS);
  await subject.stop('SIGTERM');
}

async function measureLine(line, folder) {
  const node = installNode(line);
  const cache = join(folder, `cache-${line}`);
  mkdirSync(cache);
  const programs = Object.entries(programsOf(folder, cache));
  for (const [, args] of programs) await warmUp(node, args);
  const none = () => Object.fromEntries(programs.map(([name]) => [name, []]));
  const samples = { wall: none(), cpu: none() };
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, args] of rotated(programs, round)) {
      const subject = await launch(node, args, { env: ENV });
      samples.wall[name].push(subject.startMs);
      samples.cpu[name].push(subject.startCpuMs);
      await subject.stop();
    }
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const wall = compare(samples.wall, 'ms', (subject) => `Node ${version}: ${subject}`);
  if (process.platform !== 'linux') return wall;
  // What other work on the machine disturbs far less than the clock.
  return [...wall, ...compare(samples.cpu, 'ms', (subject) => `Node ${version}, CPU: ${subject}`)];
}

export async function run() {
  const project = makeProject();
  try {
    await build(project.folder);
    const rows = [];
    for (const line of LINES) rows.push(...(await measureLine(line, project.folder)));
    return { bench: 'agent-start', n: ROUNDS, machine: machine(), rows };
  } finally {
    project.remove();
  }
}
