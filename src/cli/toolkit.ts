import type { Command } from 'commander';
import { type CommandSpec, collect, declareCommand, parseMode, parseSeconds } from './command.ts';
import type { DevFlags } from './commands/dev.ts';
import type { EngineFlags } from './commands/engine.ts';
import { runProgram } from './main.ts';
import * as agents from './specs/agents.ts';
import { lint } from './specs/lint.ts';
import * as stores from './specs/stores.ts';
import * as work from './specs/work.ts';
import { packageVersion } from './version.ts';

/** The options of everything that brings up an engine. */
function declareEngineOptions(command: Command): void {
  command
    .option(
      '--tenant <slug|uuid>',
      'serve this tenant instead of the project\u2019s own; repeatable',
      collect,
    )
    .option('--listen <host:port>', 'where agents register (default: a free port on 127.0.0.1)')
    .option('--allow-host <host>', 'let agents on this host register; repeatable', collect)
    .option(
      '--health-interval <seconds>',
      'time between two health probes (default: 30; dev: 5)',
      parseSeconds,
    )
    .option('--mode <mode>', 'manual, guided or autonomous (default: guided)', parseMode)
    .option('--policy <file>', 'rules that decide requests for approval')
    .option('--kpis <file>', 'the KPIs that agents can read')
    .option('--license <file>', 'the licence snapshot that agents get')
    .option('--valkey <url>', 'keep the cache in this Valkey or Redis, as redis://host:port')
    .option('--config <file>', "an engine's config.yaml: its plugins, its port and its health interval")
    .option('--plugins-dir <dir>', 'launch every <folder>/<executable> of this folder as an agent');
}

const dev: CommandSpec<DevFlags> = {
  name: 'dev',
  summary: 'run the project on an embedded engine and restart it on every save',
  declare: (command) => {
    command.argument('[dir]', 'the project', '.');
    declareEngineOptions(command);
  },
  load: async () => (await import('./commands/dev.ts')).runDev,
};

const engine: CommandSpec<EngineFlags> = {
  name: 'engine',
  summary: 'run the embedded engine alone, for agents started by hand or by tests',
  declare: (command) => {
    command
      .option('--project <dir>', 'the project it belongs to', '.')
      .option('--ephemeral', 'keep nothing, and run beside another engine of the project', false);
    declareEngineOptions(command);
  },
  load: async () => (await import('./commands/engine.ts')).runEngine,
};

/** What the words before a command of two words stand for. */
const GROUPS: Readonly<Record<string, string>> = {
  approval: 'see and decide what waits for approval',
  prompt: 'see, change and try prompt templates',
  intent: 'see and try what leads to which action',
  cache: 'see and change what agents cache',
  history: 'see and repeat what was executed',
};

await runProgram((program, context) => {
  program
    .name('mirastack-agent')
    .description('Run and drive MIRASTACK agents while you write them.')
    .version(packageVersion(), '--version', 'print the version');
  const groups = new Map<string, Command>();
  /** The command that a name of two words belongs under. */
  const groupOf = (name: string): Command => {
    const group = groups.get(name) ?? program.command(name).description(GROUPS[name] ?? '');
    groups.set(name, group);
    return group;
  };
  const add = <Flags>(spec: CommandSpec<Flags>) => {
    const [name = '', inner] = spec.name.split(' ');
    // `history` alone is its list.
    const isDefault = spec.name === 'history list';
    const command = inner === undefined ? program.command(name) : groupOf(name).command(inner, { isDefault });
    declareCommand(command.description(spec.summary), spec, context);
  };
  add(dev);
  add(engine);
  add(lint);
  add(agents.list);
  add(agents.get);
  add(agents.health);
  add(agents.invoke);
  add(agents.config);
  add(agents.configSet);
  add(agents.call);
  add(work.approvalList);
  add(work.approvalShow);
  add(work.approvalApprove);
  add(work.approvalReject);
  add(work.events);
  add(work.historyList);
  add(work.historyShow);
  add(work.historyReplay);
  add(stores.promptList);
  add(stores.promptGet);
  add(stores.promptSet);
  add(stores.promptRender);
  add(stores.intentList);
  add(stores.intentMatch);
  add(stores.cacheGet);
  add(stores.cacheSet);
}, process.argv);
