import { packageVersion } from '../scaffold/index.ts';
import { type CommandSpec, collect, declareCommand } from './command.ts';
import { type CreateFlags, runCreateCommand } from './commands/create.ts';
import { runProgram } from './main.ts';

const create: CommandSpec<CreateFlags> = {
  name: 'create',
  summary: 'make a new agent project',
  declare: (command) => {
    command
      .argument('[dir]', 'the folder of the project')
      .option('--language <language>', 'typescript, go or python')
      .option('--name <name>', 'the agent\u2019s name in the registry, such as my_agent')
      .option('--description <text>', 'what the agent does, in one sentence')
      .option('--permission <permission>', 'what the agent may do: read, modify or admin')
      .option('--stage <stage>', 'a DevOps stage the agent serves, such as observe; repeatable', collect)
      .option('--action <id:description>', 'one more action that reads; repeatable', collect)
      .option('--backend <backend>', 'what the agent talks to: http, grpc or none')
      .option(
        '--backend-family <family>',
        'how the backend takes times: metrics, logs, traces-jaeger, traces-victoria or other',
      )
      .option('--license <license>', 'agpl-3.0, proprietary, apache-2.0 or mit')
      .option('--org <name>', 'who holds the copyright')
      .option('--module <path>', 'the path of the Go module')
      .option('--go-sdk <dir>', 'a checkout of the Go SDK to use in place of the published one')
      .option(
        '--toolkit <spec>',
        'where the project takes create-mirastack-agent from: a version or a tarball',
      )
      .option('--package-manager <tool>', 'npm, pnpm, yarn or bun; uv or pip for Python')
      .option('--answers <file>', 'answers in a JSON or YAML file; flags go before it')
      .option('--no-git', 'do not make a git repository')
      .option('--no-install', 'do not install the dependencies')
      .option('--yes', 'take the default of every question', false)
      .option('--dry-run', 'say what would be made and make nothing', false);
  },
  // The one command there is: a file of its own for it would only have to be found.
  load: async () => runCreateCommand,
};

void runProgram((program, context) => {
  program
    .name('create-mirastack-agent')
    .description('Make a new MIRASTACK agent project.')
    .version(packageVersion, '--version', 'print the version');
  declareCommand(program, create, context);
}, process.argv);
