import path from 'node:path';

const AGENT_NAME = /^[a-z][a-z0-9_]{1,62}$/;
const PROJECT_PREFIX = 'mirastack-plugin-';

/** Words that are no identifier in at least one of the languages an agent can be written in. */
const RESERVED_WORDS = new Set(
  [
    // TypeScript and JavaScript
    'arguments async await break case catch class const continue debugger default delete do else enum eval',
    'export extends false finally for function if implements import in instanceof interface let new null of',
    'package private protected public return static super switch this throw true try typeof undefined var',
    'void while with yield',
    // Go
    'chan defer fallthrough func go goto init main map nil range select struct type',
    // Python
    'and as assert def del elif except from global is lambda match none nonlocal not or pass raise self',
    // Device names, which Windows takes for no file's name
    'con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9',
  ].flatMap((line) => line.split(' ')),
);

/** Every name a project needs, all derived from the agent's. */
export interface Names {
  /** The registry key: `my_agent`. */
  readonly agentName: string;
  /** Package and repository: `mirastack-plugin-my-agent`. */
  readonly projectName: string;
  /** The class that implements the five methods: `MyAgentPlugin`. */
  readonly className: string;
  /** What the agent's environment variables begin with: `MY_AGENT`. */
  readonly envPrefix: string;
}

/** `find_errors` as `FindErrors`. */
export function toPascalCase(name: string): string {
  return wordsOf(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

const wordsOf = (name: string): string[] => name.split('_').filter((word) => word !== '');

/** `find_errors` as `findErrors`. */
export function toCamelCase(name: string): string {
  const pascal = toPascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** True for a word that is no identifier in at least one of the languages an agent can be written in. */
export function isReserved(word: string): boolean {
  return RESERVED_WORDS.has(word);
}

/** Why this is no agent name, in one sentence that states the rule; undefined when it is one. */
export function checkAgentName(name: string): string | undefined {
  if (!AGENT_NAME.test(name))
    return `${JSON.stringify(name)} is not an agent name: use 2 to 63 lower-case letters, digits and underscores, a letter first.`;
  if (isReserved(name))
    return `${JSON.stringify(name)} is not an agent name: it is a reserved word of TypeScript, Go, Python or Windows.`;
  return undefined;
}

/**
 * The agent name that a folder suggests: `mirastack-plugin-my-agent` and `My Agent` give `my_agent`.
 * Undefined when the folder's name gives none that is beyond doubt, as with letters outside ASCII.
 */
export function agentNameFromFolder(directory: string): string | undefined {
  const folder = path.basename(path.resolve(directory)).toLowerCase();
  if (!/^[\x20-\x7e]+$/.test(folder)) return undefined;
  const name = folder
    .replace(PROJECT_PREFIX, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const candidate = /^[0-9]/.test(name) ? `agent_${name}` : name;
  return checkAgentName(candidate) === undefined ? candidate : undefined;
}

/** The names of a project. The agent's name must have passed `checkAgentName`. */
export function deriveNames(agentName: string): Names {
  const words = wordsOf(agentName);
  return {
    agentName,
    projectName: `${PROJECT_PREFIX}${words.join('-')}`,
    className: `${toPascalCase(agentName)}Plugin`,
    envPrefix: agentName.toUpperCase(),
  };
}
