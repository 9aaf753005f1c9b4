import { SDK_MODULES } from '../agent/modules.ts';
import type { Rule } from '../types.ts';
import { checked } from './kit.ts';

export const sdkServeResult: Rule = {
  id: 'sdk-serve-result',
  title: 'Serve gives nothing back',
  group: 'sdk',
  severity: 'error',
  why: 'The guide’s sample assigns an error from Serve: it does not compile. Serve ends the process by itself.',
  mend: 'Call mirastack.Serve(plugin) as the last statement of main.',
  languages: ['go'],
  examples: {
    go: { bad: 'if err := mirastack.Serve(plugin); err != nil {', good: 'mirastack.Serve(plugin)' },
  },
  check({ workspace }) {
    const findings = [];
    for (const { file, node } of workspace.calls()) {
      const [head, name] = node.callee;
      if (name !== 'Serve' || node.callee.length !== 2 || node.isStatement) continue;
      if (file.imports.some(({ module, alias }) => alias === head && SDK_MODULES.go.test(module)))
        findings.push({
          message: 'Serve returns nothing: its result cannot be used',
          place: file.placeOf(node),
        });
    }
    return checked(findings);
  },
};
