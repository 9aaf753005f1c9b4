import { type CommandSpec, collect } from '../command.ts';
import type { CacheFlags, CacheSetFlags } from '../commands/cache.ts';
import type { PromptGetFlags, PromptRenderFlags } from '../commands/prompt.ts';
import type { FinderFlags } from '../engine-finder.ts';
import { declareFinder, parseCount } from './finder.ts';

export const promptList: CommandSpec<FinderFlags> = {
  name: 'prompt list',
  summary: 'list the prompt templates',
  declare: declareFinder,
  load: async () => (await import('../commands/prompt.ts')).runPromptList,
};

export const promptGet: CommandSpec<PromptGetFlags> = {
  name: 'prompt get',
  summary: 'print a prompt template',
  declare: (command) => {
    command
      .argument('<name>', 'its name')
      .option('--prompt-version <number>', 'which version (default: the newest)', parseCount);
    declareFinder(command);
  },
  load: async () => (await import('../commands/prompt.ts')).runPromptGet,
};

export const promptSet: CommandSpec<FinderFlags> = {
  name: 'prompt set',
  summary: 'add a version of a prompt template',
  declare: (command) => {
    command.argument('<name>', 'its name').argument('[file]', 'where the text is; - or none reads stdin');
    declareFinder(command);
  },
  load: async () => (await import('../commands/prompt.ts')).runPromptSet,
};

export const promptRender: CommandSpec<PromptRenderFlags> = {
  name: 'prompt render',
  summary: 'print what a prompt template gives with some data',
  declare: (command) => {
    command
      .argument('<name>', 'its name')
      .option('--data <file|->', 'the data as JSON (default: {})')
      .option('--param <name=value>', 'one field of the data; repeatable', collect)
      .option('--prompt-version <number>', 'which version (default: the newest)', parseCount);
    declareFinder(command);
  },
  load: async () => (await import('../commands/prompt.ts')).runPromptRender,
};

export const intentList: CommandSpec<FinderFlags> = {
  name: 'intent list',
  summary: 'list the intents of all agents, and where they collide',
  declare: declareFinder,
  load: async () => (await import('../commands/intent.ts')).runIntentList,
};

export const intentMatch: CommandSpec<FinderFlags> = {
  name: 'intent match',
  summary: 'say who would be asked about a text, and why',
  declare: (command) => declareFinder(command.argument('<text...>', 'what a person says')),
  load: async () => (await import('../commands/intent.ts')).runIntentMatch,
};

export const cacheGet: CommandSpec<CacheFlags> = {
  name: 'cache get',
  summary: 'print a value of the agents\u2019 cache; base64 where it is no text',
  declare: (command) => {
    command
      .argument('<key>', 'the key')
      .option('--tenant <uuid>', 'whose cache (default: the first tenant\u2019s)');
    declareFinder(command);
  },
  load: async () => (await import('../commands/cache.ts')).runCacheGet,
};

export const cacheSet: CommandSpec<CacheSetFlags> = {
  name: 'cache set',
  summary: 'set a value of the agents\u2019 cache',
  declare: (command) => {
    command
      .argument('<key>', 'the key')
      .argument('[value]', 'the value; - or none reads stdin')
      .option('--ttl <seconds>', 'how long it is kept; 0 for good', parseCount, 0)
      .option('--tenant <uuid>', 'whose cache (default: the first tenant\u2019s)');
    declareFinder(command);
  },
  load: async () => (await import('../commands/cache.ts')).runCacheSet,
};
