import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../support/errors.ts';
import { CONFIG_FILE, type ProjectConfig, readProjectConfig } from './config.ts';
import { LANGUAGES } from './languages/index.ts';
import { type Language, selfAndAncestors } from './languages/language.ts';

/** The folder of a project that is ours: `blueprint.json` (tracked) and `dev/` (ignored). */
export const PROJECT_FOLDER = '.mirastack';

/** An agent project on disk. */
export interface Project {
  /** Absolute, without symbolic links, so that it can be compared and hashed. */
  readonly directory: string;
  readonly language: Language;
  readonly name: string;
  readonly config: ProjectConfig;
}

function noProject(message: string): UserError {
  return new UserError({
    kind: 'usage',
    code: 'no-project',
    message,
    hint: 'Name the folder of an agent project, or make one with `npm create mirastack-agent`.',
  });
}

function resolveDirectory(startDir: string): string {
  try {
    const directory = realpathSync(startDir);
    if (statSync(directory).isDirectory()) return directory;
  } catch {
    // Falls through: whether it is missing or unreadable, it is not a folder we can use.
  }
  throw noProject(`${startDir} is not a folder.`);
}

/** A folder may have several manifests (a Go agent with a package.json for its tools): the layout decides. */
function detectLanguage(directory: string): Language | undefined {
  return (
    LANGUAGES.find((language) => language.hasLayout(directory)) ??
    LANGUAGES.find((language) => language.hasManifest(directory))
  );
}

type Claim = 'config' | 'folder' | 'layout';

/** Why a folder counts as a project's root, strongest claim first. */
function claimOf(directory: string): Claim | undefined {
  if (existsSync(join(directory, CONFIG_FILE))) return 'config';
  if (existsSync(join(directory, PROJECT_FOLDER))) return 'folder';
  return LANGUAGES.some((language) => language.hasLayout(directory)) ? 'layout' : undefined;
}

/**
 * The nearest agent project at or above a folder: one that has mirastack.config.json, our folder, or an
 * agent's files in the guide's layout.
 * @throws UserError `no-project`, `bad-config`, `bad-manifest` (usage)
 */
export function findProject(startDir: string): Project {
  for (const directory of selfAndAncestors(resolveDirectory(startDir))) {
    const claim = claimOf(directory);
    if (claim === undefined) continue;
    const language = detectLanguage(directory);
    if (language !== undefined) {
      const name = language.readName(directory) ?? basename(directory);
      return { directory, language, name, config: readProjectConfig(directory) };
    }
    // A config file says "this is the root". Our folder alone may be anything, such as one in a home folder.
    if (claim === 'config')
      throw noProject(`${directory} has a ${CONFIG_FILE} but no manifest of a language we know.`);
  }
  throw noProject(`There is no agent project in ${startDir} or in any folder above it.`);
}
