import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The languages that the toolkit serves. */
export type LanguageId = 'typescript' | 'go' | 'python';

/** What the launcher is given to spawn: the program first, never a shell line. */
export type Argv = readonly [program: string, ...args: string[]];

/**
 * Everything the toolkit must know about one language. Adding a language is adding one file that
 * exports such an object, and naming it in `languages/index.ts`.
 */
export interface Language {
  readonly id: LanguageId;
  /** As a person writes it, e.g. `TypeScript`. */
  readonly label: string;
  /** True when the folder has the language's manifest (`package.json`, `go.mod`, …). */
  hasManifest(directory: string): boolean;
  /** True when the folder has the manifest and an agent's files where the platform's guide puts them. */
  hasLayout(directory: string): boolean;
  /** The project's name by its manifest, undefined when the manifest has none. */
  readName(directory: string): string | undefined;
  /**
   * Finds what a build needs before anything is started.
   * @throws UserError `dependencies-missing` or `tool-missing`
   */
  checkTools(directory: string): void;
  /** How to turn the sources into what runs; undefined when the language needs no such step. */
  buildArgv(directory: string): Argv | undefined;
  /** Variables for the build; those of the developer's own environment come before them. */
  readonly buildEnv?: Readonly<Record<string, string>>;
  /** How to run the agent once it is built. */
  runArgv(directory: string): Argv;
  /** Names of files and folders, at any depth, whose change means nothing to the running agent. */
  readonly ignoredNames: readonly string[];
}

/** True when the folder, or its `src/`, has both the entry and the plugin file of the guide's layout. */
export function hasGuideFiles(directory: string, extension: string): boolean {
  return [directory, join(directory, 'src')].some((folder) => {
    const names = listNames(folder);
    return names.includes(`main.${extension}`) && names.includes(`plugin.${extension}`);
  });
}

/** The names in a folder; none when it cannot be read. */
export function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A folder and every folder above it, nearest first. */
export function selfAndAncestors(directory: string): string[] {
  const above = dirname(directory);
  return above === directory ? [directory] : [directory, ...selfAndAncestors(above)];
}
