import { type CommandSpec, collect } from '../command.ts';
import type { ApprovalDecideFlags, ApprovalListFlags } from '../commands/approval.ts';
import type { EventsFlags } from '../commands/events.ts';
import type { HistoryListFlags, HistoryReplayFlags } from '../commands/history.ts';
import type { FinderFlags } from '../engine-finder.ts';
import { declareFinder, parseCount } from './finder.ts';

export const approvalList: CommandSpec<ApprovalListFlags> = {
  name: 'approval list',
  summary: 'list what waits for approval',
  declare: (command) => declareFinder(command.option('--all', 'what was decided, too', false)),
  load: async () => (await import('../commands/approval.ts')).runApprovalList,
};

export const approvalShow: CommandSpec<FinderFlags> = {
  name: 'approval show',
  summary: 'show one request for approval',
  declare: (command) => declareFinder(command.argument('<id>', 'its id')),
  load: async () => (await import('../commands/approval.ts')).runApprovalShow,
};

export const approvalApprove: CommandSpec<ApprovalDecideFlags> = {
  name: 'approval approve',
  summary: 'approve a request',
  declare: (command) =>
    declareFinder(command.argument('<id>', 'its id').option('--comment <text>', 'told to whoever asked')),
  load: async () => (await import('../commands/approval.ts')).runApprovalApprove,
};

export const approvalReject: CommandSpec<ApprovalDecideFlags> = {
  name: 'approval reject',
  summary: 'reject a request',
  declare: (command) =>
    declareFinder(command.argument('<id>', 'its id').option('--comment <text>', 'told to whoever asked')),
  load: async () => (await import('../commands/approval.ts')).runApprovalReject,
};

export const events: CommandSpec<EventsFlags> = {
  name: 'events',
  summary: 'show what happened in the engine, or follow what happens',
  declare: (command) => {
    command
      .option('-f, --follow', 'go on until Ctrl-C; with --json one document a line', false)
      .option('--since <number>', 'only events after this one', parseCount)
      .option('--agent <name>', 'only events of this agent')
      .option('--type <type>', 'only events of this type; repeatable', collect);
    declareFinder(command);
  },
  load: async () => (await import('../commands/events.ts')).runEvents,
};

export const historyList: CommandSpec<HistoryListFlags> = {
  name: 'history list',
  summary: 'list the executions, newest first',
  declare: (command) => {
    command
      // Taken only to say what was probably meant: `history` alone is this command, too.
      .argument('[word]')
      .option('--limit <count>', 'at most so many', parseCount, 20)
      .option('--agent <name>', 'only those of this agent');
    declareFinder(command);
  },
  load: async () => (await import('../commands/history.ts')).runHistoryList,
};

export const historyShow: CommandSpec<FinderFlags> = {
  name: 'history show',
  summary: 'show one execution with its result',
  declare: (command) => declareFinder(command.argument('<id>', 'its id, or the beginning of it')),
  load: async () => (await import('../commands/history.ts')).runHistoryShow,
};

export const historyReplay: CommandSpec<HistoryReplayFlags> = {
  name: 'history replay',
  summary: 'execute the same once more',
  declare: (command) => {
    command
      .argument('<id>', 'the id of an execution, or the beginning of it')
      .option('--approve', 'ask for the decision here, when the action needs an approval');
    declareFinder(command);
  },
  load: async () => (await import('../commands/history.ts')).runHistoryReplay,
};
