import { createLauncher } from '../launch/index.ts';

/**
 * Installs a project's dependencies with the user's npm; nothing it starts outlives us.
 * @throws Error with the last lines npm said
 */
export async function npmInstall(directory: string, signal: AbortSignal | undefined): Promise<void> {
  const launcher = await createLauncher();
  try {
    const result = await launcher.runTool({
      argv: ['npm', 'install', '--no-fund', '--no-audit'],
      cwd: directory,
      env: process.env,
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.exitCode !== 0) {
      const said = result.stderr.trim().split('\n').slice(-5).join('\n');
      throw new Error(`npm install ended with ${result.exitCode}:\n${said}`);
    }
  } finally {
    await launcher.close();
  }
}
