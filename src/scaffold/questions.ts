import { STAGES } from '../contract/index.ts';
import {
  AnswerFault,
  readChoice,
  readLine,
  readModule,
  readPath,
  readText,
  readYear,
  show,
} from './checks.ts';
import {
  AGENT_PERMISSIONS,
  BACKENDS,
  FAMILIES,
  LICENSES,
  MANAGERS_OF,
  PACKAGE_MANAGERS,
  PROJECT_LANGUAGES,
} from './choices.ts';
import { agentNameFromFolder, checkAgentName, deriveNames } from './names.ts';
import { readActions } from './own-action.ts';
import type { Answers, GivenAnswers, Question } from './question.ts';
import { checkToolkit } from './toolkit.ts';

const asked = () => true;
const notAsked = () => false;
const GITHUB_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/;

const choicesOf = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, name]) => ({ value, name }));

function readName(value: unknown): string {
  if (typeof value !== 'string') throw new AnswerFault(`The agent name must be a text, not ${show(value)}.`);
  const fault = checkAgentName(value);
  if (fault !== undefined) throw new AnswerFault(fault);
  return value;
}

/** A list, or the one text that a prompt gives: words divided by commas. */
function readStages(value: unknown): Answers['stages'] {
  const items: unknown = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  if (!Array.isArray(items) || items.length === 0)
    throw new AnswerFault(`The stages must be a list of at least one, not ${show(value)}.`);
  const chosen = new Set(items.map((item: unknown) => readChoice('stage', STAGES, item)));
  return STAGES.filter((stage) => chosen.has(stage));
}

/** The word for a licence, or its SPDX id, as projects record it. */
function readLicense(value: unknown): Answers['license'] {
  const given = typeof value === 'string' ? value.toLowerCase() : undefined;
  const byId = LICENSES.find(({ id }) => id.toLowerCase() === given);
  const words = LICENSES.map(({ word }) => word);
  const word = byId?.word ?? readChoice('licence', words, value);
  return (LICENSES.find((candidate) => candidate.word === word) ?? LICENSES[0]).id;
}

/** A value that only Go projects have. */
const forGo = (what: string, read: (value: unknown) => string) => (value: unknown, known: GivenAnswers) => {
  if (known.language === 'go') return read(value);
  if (value !== '') throw new AnswerFault(`A ${what} is for Go projects only.`);
  return '';
};

function readToolkit(value: unknown): string {
  const spec = readPath('source of the toolkit', value);
  const fault = checkToolkit(spec);
  if (fault !== undefined) throw new AnswerFault(fault);
  return spec;
}

const managersOf = ({ language }: GivenAnswers) =>
  MANAGERS_OF[PROJECT_LANGUAGES.find((candidate) => candidate === language) ?? 'typescript'];

function readPackageManager(value: unknown, known: GivenAnswers): Answers['packageManager'] {
  const manager = readChoice('package manager', PACKAGE_MANAGERS, value);
  const fitting = managersOf(known);
  if (fitting.includes(manager)) return manager;
  throw new AnswerFault(
    `${manager} does not install ${String(known.language)} projects, use ${fitting.join(' or ')}.`,
  );
}

/** `github.com/acme/mirastack-plugin-my-agent` where the holder may be an account there. */
function defaultModule({ name, org, language }: GivenAnswers): string {
  if (language !== 'go') return '';
  const { projectName } = deriveNames(String(name));
  return typeof org === 'string' && GITHUB_NAME.test(org) ? `github.com/${org}/${projectName}` : projectName;
}

/** In the order they are asked. A default or a reading may look at the answers before its own. */
export const QUESTIONS: readonly Question[] = [
  {
    key: 'language',
    flag: '--language',
    message: 'Language',
    choices: choicesOf({ typescript: 'TypeScript', go: 'Go', python: 'Python' }),
    isAsked: asked,
    defaultFor: () => 'typescript',
    read: (value) => readChoice('language', PROJECT_LANGUAGES, value),
  },
  {
    key: 'name',
    flag: '--name',
    message: 'Agent name',
    isAsked: asked,
    defaultFor: ({ directory }) => agentNameFromFolder(directory),
    read: readName,
  },
  {
    key: 'permission',
    flag: '--permission',
    message: 'What may the agent do?',
    choices: choicesOf({
      READ: 'read \u2013 look things up, without approval',
      MODIFY: 'modify \u2013 read, and change things after approval',
      ADMIN: 'admin \u2013 modify, and delete things after approval',
    }),
    isAsked: asked,
    defaultFor: () => 'READ',
    read: (value) => readChoice('permission', AGENT_PERMISSIONS, value),
  },
  {
    key: 'backend',
    flag: '--backend',
    message: 'What does it talk to?',
    choices: choicesOf({
      http: 'http \u2013 a system with an HTTP interface',
      grpc: 'grpc \u2013 a system with a gRPC service',
      none: 'none \u2013 it computes by itself',
    }),
    isAsked: asked,
    defaultFor: () => 'http',
    read: (value) => readChoice('backend', BACKENDS, value),
  },
  {
    key: 'backendFamily',
    flag: '--backend-family',
    message: 'How does that system take times?',
    choices: choicesOf({
      other: 'other \u2013 Unix milliseconds',
      metrics: 'metrics \u2013 Unix seconds (VictoriaMetrics, Prometheus)',
      logs: 'logs \u2013 RFC 3339 (VictoriaLogs, log stores)',
      'traces-jaeger': 'traces-jaeger \u2013 Unix microseconds',
      'traces-victoria': 'traces-victoria \u2013 Unix microseconds',
    }),
    isAsked: ({ backend }) => backend !== 'none',
    defaultFor: () => 'other',
    read: (value) => readChoice('backend family', FAMILIES, value),
  },
  {
    key: 'description',
    flag: '--description',
    message: 'What does the agent do? (read by people and by the LLM)',
    isAsked: asked,
    defaultFor: (_, { name, backend }) =>
      backend === 'none'
        ? 'Summarises numbers and cuts stretches of time into windows'
        : `Looks up and lists the items of the ${String(name ?? '')} backend`,
    read: (value) => readText('description', value),
  },
  {
    key: 'stages',
    flag: '--stage',
    message: 'DevOps stages',
    isAsked: notAsked,
    defaultFor: () => ['observe'],
    read: readStages,
  },
  {
    key: 'actions',
    flag: '--action',
    message: 'Actions',
    isAsked: notAsked,
    defaultFor: () => [],
    read: readActions,
  },
  {
    key: 'license',
    flag: '--license',
    message: 'Licence',
    choices: LICENSES.map(({ id, word, name }) => ({ value: id, name: `${word} \u2013 ${name}` })),
    isAsked: asked,
    defaultFor: () => 'AGPL-3.0-only',
    read: readLicense,
  },
  {
    key: 'org',
    flag: '--org',
    message: 'Copyright holder',
    isAsked: notAsked,
    defaultFor: (_, { name }) => `The ${deriveNames(String(name)).projectName} authors`,
    read: (value) => readLine('copyright holder', value),
  },
  {
    key: 'year',
    flag: undefined,
    message: 'Year of the copyright',
    isAsked: notAsked,
    defaultFor: ({ year }) => String(year),
    read: readYear,
  },
  {
    key: 'module',
    flag: '--module',
    message: 'Go module path',
    isAsked: notAsked,
    defaultFor: (_, known) => defaultModule(known),
    read: forGo('module path', readModule),
  },
  {
    key: 'goSdk',
    flag: '--go-sdk',
    message: 'Checkout of the Go SDK',
    isAsked: notAsked,
    defaultFor: () => '',
    read: forGo('checkout of the Go SDK', (value) =>
      value === '' ? '' : readPath('path of the Go SDK', value),
    ),
  },
  {
    key: 'toolkit',
    flag: '--toolkit',
    message: 'Where the project takes create-mirastack-agent from',
    isAsked: notAsked,
    defaultFor: ({ packageVersion }) => `^${packageVersion}`,
    read: readToolkit,
  },
  {
    key: 'packageManager',
    flag: '--package-manager',
    message: 'Package manager',
    isAsked: notAsked,
    defaultFor: ({ packageManagers }, known) => {
      const fitting = managersOf(known);
      return packageManagers.find((manager) => fitting.includes(manager)) ?? fitting[0];
    },
    read: readPackageManager,
  },
];
