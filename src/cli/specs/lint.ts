import { Option } from 'commander';
import { type CommandSpec, collect } from '../command.ts';
import type { LintFlags } from '../commands/lint.ts';

export const lint: CommandSpec<LintFlags> = {
  name: 'lint',
  summary: 'check the gates and the publishing checklist',
  declare: (command) => {
    command
      .argument('[dir]', 'the project', '.')
      .addOption(
        new Option('--format <format>', 'how to report (default: text)').choices([
          'text',
          'json',
          'sarif',
          'github',
          'junit',
        ]),
      )
      .addOption(
        new Option('--profile <profile>', 'dev, ci, review (runs no code) or publish (all must be checked)')
          .choices(['dev', 'ci', 'review', 'publish'])
          .default('dev'),
      )
      .option('--rule <id>', 'only this rule; repeatable', collect)
      .option('--ignore <id>', 'not this rule; repeatable', collect)
      .option('--list-rules', 'list the rules')
      .option('--explain <rule>', 'say what a rule wants, and why')
      .option('--write-baseline', 'accept what is found now, and report only what is new')
      .option('--fix', 'mend what can be mended safely')
      .option('--dry-run', 'with --fix: only show what would change')
      .option('--no-live', 'do not start the agent')
      .option('--address <host:port>', 'ask the agent that runs there instead of starting one')
      .option('--against <ref>', 'compare with the agent at a revision of git')
      .option('--allow-wider-permission', 'with --against: somebody has agreed to wider permissions');
  },
  load: async () => (await import('../commands/lint.ts')).runLint,
};
