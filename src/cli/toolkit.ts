import type { Command } from 'commander';
import { type CommandSpec, collect, declareCommand, parseMode, parseSeconds } from './command.ts';
import type { DevFlags } from './commands/dev.ts';
import type { EngineFlags } from './commands/engine.ts';
import type { InvokeFlags } from './commands/invoke.ts';
import type { ListFlags } from './commands/list.ts';
import { runProgram } from './main.ts';
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
    .option('--valkey <url>', 'keep the cache in this Valkey or Redis, as redis://host:port');
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

const invoke: CommandSpec<InvokeFlags> = {
  name: 'invoke',
  summary: 'execute one action on the running engine',
  declare: (command) => {
    command
      .argument('<action>', 'the id of the action')
      .option('--param <name=value>', 'one param; repeatable', collect)
      .option('--agent <name>', 'which agent, where several offer the action')
      .option('--timeout <seconds>', 'how long the agent may take (default: 60)', parseSeconds)
      .option('--project <dir>', 'the project whose engine to ask', '.');
  },
  load: async () => (await import('./commands/invoke.ts')).runInvoke,
};

const list: CommandSpec<ListFlags> = {
  name: 'list',
  summary: 'list the agents registered on the running engine',
  declare: (command) => {
    command.option('--project <dir>', 'the project whose engine to ask', '.');
  },
  load: async () => (await import('./commands/list.ts')).runList,
};

await runProgram((program, context) => {
  program
    .name('mirastack-agent')
    .description('Run and drive MIRASTACK agents while you write them.')
    .version(packageVersion(), '--version', 'print the version');
  const add = <Flags>(spec: CommandSpec<Flags>) =>
    declareCommand(program.command(spec.name).description(spec.summary), spec, context);
  add(dev);
  add(engine);
  add(invoke);
  add(list);
}, process.argv);
