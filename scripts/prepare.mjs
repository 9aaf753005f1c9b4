// Makes a fresh clone ready: installs what is missing and builds. Runs before `npm test` and the demo.
import { installDependencies, ROOT, run } from './steps.mjs';

installDependencies();
run(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
