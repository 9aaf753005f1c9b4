import type { AgentDetail, AgentView } from '../../control/index.ts';
import { type Channel, cleanLine, cleanText, wrapText } from '../../terminal/index.ts';
import type { CommandContext, CommonFlags } from '../command.ts';
import { type FinderFlags, findEngine } from '../engine-finder.ts';
import { formatTime, printFields, printTable, stateCell } from '../layout.ts';

export type GetFlags = FinderFlags;

type Action = AgentView['actions'][number];

const PARAM_COLUMNS = [
  { title: 'param' },
  { title: 'type' },
  { title: 'required' },
  { title: 'description', flexible: 'fold' },
] as const;
const INDENT = '  ';

/** The same channel, with everything moved to the right. */
function indented(channel: Channel): Channel {
  return {
    ...channel,
    columns: channel.columns === undefined ? undefined : channel.columns - INDENT.length,
    line: (text = '') => channel.line(text === '' ? '' : INDENT + text),
  };
}

function printAction(action: Action, answers: Channel): void {
  const { theme } = answers;
  answers.line(
    `${cleanLine(action.id)} ${theme.faint(cleanLine(`${action.permission} ${action.stages.join(', ')}`))}`,
  );
  const inner = indented(answers);
  const room = inner.columns ?? Number.POSITIVE_INFINITY;
  for (const line of wrapText(cleanText(action.description), room)) inner.line(line);
  const rows = action.inputParams.map((param) => [
    param.name,
    param.type,
    param.required ? 'yes' : 'no',
    param.description,
  ]);
  printTable(inner, PARAM_COLUMNS, rows);
  const gives = action.outputParams.map((param) => `${param.name} (${param.type})`).join(', ');
  const phrases = action.intents.map((intent) => intent.pattern).join(' · ');
  printFields(inner, [
    ...(gives === '' ? [] : [['gives', gives] as const]),
    ...(phrases === '' ? [] : [['intents', phrases] as const]),
    ...(action.routing === undefined ? [] : [['capability', action.routing.capabilityDomain] as const]),
  ]);
}

function printSection(title: string, answers: Channel, print: (inner: Channel) => void): void {
  answers.line();
  answers.line(answers.theme.command(title));
  print(indented(answers));
}

function printAgent({ agent, lastError }: AgentDetail, answers: Channel): void {
  const { theme } = answers;
  printFields(answers, [
    ['name', agent.name],
    ['version', agent.version],
    ['permission', agent.permission],
    ['health', stateCell(agent.health, theme)],
    ['description', agent.description],
    ['stages', agent.stages.join(', ')],
    ['tenant', agent.tenantId],
    ...(agent.intents.length === 0
      ? []
      : [['intents', agent.intents.map((intent) => intent.pattern).join(' · ')] as const]),
    [
      'last error',
      lastError === null
        ? 'none'
        : {
            text: `${formatTime(lastError.atMs)} ${lastError.source}: ${lastError.message}`,
            style: theme.bad,
          },
    ],
  ]);
  printSection('Actions', answers, (inner) => {
    for (const [index, action] of agent.actions.entries()) {
      if (index > 0) inner.line();
      printAction(action, inner);
    }
  });
  if (agent.promptTemplates.length > 0)
    printSection('Templates', answers, (inner) => {
      const columns = [{ title: 'name' }, { title: 'description', flexible: 'fold' }] as const;
      printTable(
        inner,
        columns,
        agent.promptTemplates.map((template) => [template.name, template.description]),
      );
    });
  if (agent.configParams.length > 0)
    printSection('Configuration', answers, (inner) => {
      const columns = [
        { title: 'key' },
        { title: 'type' },
        { title: 'required' },
        { title: 'description', flexible: 'fold' },
      ] as const;
      const rows = agent.configParams.map((param) => [
        param.key,
        param.isSecret ? `${param.type}, secret` : param.type,
        param.required ? 'yes' : 'no',
        param.description,
      ]);
      printTable(inner, columns, rows);
    });
  printSection('Instances', answers, (inner) => {
    const columns = [
      { title: 'instance', flexible: 'cut' },
      { title: 'address' },
      { title: 'language' },
      { title: 'health' },
      { title: 'message', flexible: 'fold' },
    ] as const;
    const rows = agent.instances.map((instance) => [
      instance.instanceId,
      instance.address,
      instance.language,
      stateCell(instance.health, theme),
      instance.notExecutable ?? instance.healthMessage,
    ]);
    printTable(inner, columns, rows);
  });
}

/** `mirastack-agent get <agent>`. */
export async function runGet(
  [name = '']: readonly (string | undefined)[],
  flags: GetFlags & CommonFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const { client } = await findEngine(flags);
  const detail = await client.agent(name);
  if (flags.json) terminal.answers.line(JSON.stringify(detail));
  else printAgent(detail, terminal.answers);
}
