// How long the programs take to say --help, against a Node that does nothing.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../scripts/steps.mjs';
import { measure } from './measure.mjs';

const timeOf = (args) => () => {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  return performance.now() - startedAt;
};

export const run = () =>
  measure('start', 31, {
    'node -e 0': timeOf(['-e', '0']),
    'mirastack-agent --help': timeOf([join(ROOT, 'bin/mirastack-agent.js'), '--help']),
    'create-mirastack-agent --help': timeOf([join(ROOT, 'bin/create-mirastack-agent.js'), '--help']),
  });
