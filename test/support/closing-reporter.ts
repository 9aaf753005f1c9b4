import type { Reporter, TestModule } from 'vitest/node';

/**
 * Names every skipped test, fails the run where none may be skipped (CI has every tool), and closes with one
 * plain line of counts for whoever reads the output by machine.
 */
export class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string) => tests.filter((test) => test.result().state === state);
    const skipped = inState('skipped');
    for (const test of skipped)
      process.stdout.write(`skipped: ${test.module.relativeModuleId} > ${test.fullName}\n`);
    if (skipped.length > 0 && process.env.CI === 'true') {
      process.stdout.write('CI skips no test: install what the skipped ones need.\n');
      process.exitCode = 1;
    }
    const counts = `${inState('passed').length} passed, ${inState('failed').length} failed, ${skipped.length} skipped`;
    process.stdout.write(`${counts}\n`);
  }
}
