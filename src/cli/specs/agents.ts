import { type CommandSpec, collect, parseMode, parseSeconds } from '../command.ts';
import type { CallFlags } from '../commands/call.ts';
import type { ConfigSetFlags } from '../commands/config.ts';
import type { InvokeFlags } from '../commands/invoke.ts';
import type { FinderFlags } from '../engine-finder.ts';
import { declareFinder } from './finder.ts';

export const list: CommandSpec<FinderFlags> = {
  name: 'list',
  summary: 'list the agents registered on the running engine',
  declare: declareFinder,
  load: async () => (await import('../commands/list.ts')).runList,
};

export const get: CommandSpec<FinderFlags> = {
  name: 'get',
  summary: 'show one agent: actions, params, intents, templates, instances, last error',
  declare: (command) => declareFinder(command.argument('<agent>', 'its name')),
  load: async () => (await import('../commands/get.ts')).runGet,
};

export const health: CommandSpec<FinderFlags> = {
  name: 'health',
  summary: 'ask every instance of an agent for its health now',
  declare: (command) => declareFinder(command.argument('<agent>', 'its name')),
  load: async () => (await import('../commands/health.ts')).runHealth,
};

export const invoke: CommandSpec<InvokeFlags> = {
  name: 'invoke',
  summary: 'execute one action on the running engine',
  declare: (command) => {
    command
      .argument('[action]', 'the id of the action; may be left out with --replay')
      .option('--param <name=value>', 'one param; repeatable', collect)
      .option('--params <file|->', 'params from a JSON file, or from stdin; --param goes over them')
      .option('--agent <name>', 'which agent, where several offer the action')
      .option('--since <duration|time>', 'the time range from then until now, as 1h, 10:00 or yesterday')
      .option('--from <time>', 'the beginning of the time range')
      .option('--to <time>', 'its end (default: now)')
      .option('--tz <zone>', 'the zone of these times, as Europe/Berlin (default: UTC)')
      .option('--mode <mode>', 'manual, guided or autonomous (default: the engine\u2019s)', parseMode)
      .option('--timeout <seconds>', 'how long the agent may take (default: 60)', parseSeconds)
      .option('--approve', 'ask for the decision here, when the action needs an approval')
      .option('--save <name>', 'keep this request as .mirastack/requests/<name>.json of the project')
      .option('--replay <name>', 'take the request that was saved under this name');
    declareFinder(command);
  },
  load: async () => (await import('../commands/invoke.ts')).runInvoke,
};

export const config: CommandSpec<FinderFlags> = {
  name: 'config',
  summary: 'show the configuration of an agent',
  declare: (command) => declareFinder(command.argument('<agent>', 'its name')),
  load: async () => (await import('../commands/config.ts')).runConfig,
};

export const configSet: CommandSpec<ConfigSetFlags> = {
  name: 'config-set',
  summary: 'change one setting of an agent while it runs',
  declare: (command) => {
    command
      .argument('<agent>', 'its name')
      .argument('<key>', 'the key')
      .argument('[value]', 'the value; - or none reads stdin, as secrets must be')
      .option('--unset', 'go back to the default', false);
    declareFinder(command);
  },
  load: async () => (await import('../commands/config.ts')).runConfigSet,
};

export const call: CommandSpec<CallFlags> = {
  name: 'call',
  summary: 'call one of the five methods of an agent as it is',
  declare: (command) => {
    command
      .argument('<agent>', 'its name')
      .argument('<method>', 'Info, GetSchema, Execute, HealthCheck or ConfigUpdated')
      .option('--request <json|file|->', 'the message, with the field names of proto/ (default: {})')
      .option('--instance <id>', 'which instance')
      .option('--timeout <seconds>', 'how long the agent may take (default: 60)', parseSeconds);
    declareFinder(command);
  },
  load: async () => (await import('../commands/call.ts')).runCall,
};
