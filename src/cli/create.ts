import { type CommandSpec, declareCommand } from './command.ts';
import type { CreateFlags } from './commands/create.ts';
import { runProgram } from './main.ts';
import { packageVersion } from './version.ts';

const create: CommandSpec<CreateFlags> = {
  name: 'create',
  summary: 'make a new agent project',
  declare: (command) => {
    command
      .argument('[dir]', 'the folder of the project')
      .option('--name <name>', 'the agent\u2019s name in the registry, such as my_agent')
      .option('--description <text>', 'what the agent does, in one sentence')
      .option('--language <language>', 'typescript')
      .option(
        '--toolkit <spec>',
        'where the project takes create-mirastack-agent from: a version or a tarball',
      )
      .option('--no-install', 'do not run npm install')
      .option('--yes', 'take the default of every question', false)
      .option('--dry-run', 'say what would be made and make nothing', false);
  },
  load: async () => (await import('./commands/create.ts')).runCreateCommand,
};

await runProgram((program, context) => {
  program
    .name('create-mirastack-agent')
    .description('Make a new MIRASTACK agent project.')
    .version(packageVersion(), '--version', 'print the version');
  declareCommand(program, create, context);
}, process.argv);
