import type { Launcher } from '../launch/index.ts';
import { type BuildFailure, type Project, readBuildFailure } from '../project/index.ts';
import { UserError } from '../support/errors.ts';

/** A build that a newer save has overtaken is neither good nor bad. */
export type BuildOutcome = 'built' | 'overtaken' | BuildFailure;

/** Builds the project with its own tool. Aborting the signal ends the tool, and the outcome is `overtaken`. */
export async function buildProject(options: {
  readonly project: Project;
  readonly launcher: Launcher;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}): Promise<BuildOutcome> {
  const { project, launcher, env, signal } = options;
  try {
    const argv = project.language.buildArgv(project.directory);
    if (argv === undefined) return 'built';
    const result = await launcher.runTool({
      argv,
      cwd: project.directory,
      env: { ...project.language.buildEnv, ...env },
      signal,
    });
    if (signal.aborted) return 'overtaken';
    if (result.exitCode === 0) return 'built';
    return readBuildFailure(`${result.stderr}\n${result.stdout}`, project.directory);
  } catch (error) {
    if (signal.aborted) return 'overtaken';
    // A tool that went missing meanwhile is for the developer to mend, like a fault in the sources.
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error;
    return { message: hint === undefined ? message : `${message}; ${hint}` };
  }
}
