import { SDK_MODULES } from '../agent/modules.ts';
import { plainName } from '../sdk/types.ts';
import type { Rule } from '../types.ts';
import { checked } from './kit.ts';

export const sdkLogsOnly: Rule = {
  id: 'sdk-logs-only',
  title: 'Errors are returned or raised, not put into Logs',
  group: 'sdk',
  severity: 'error',
  why: 'The SDK never sends Logs: the engine sees a success with an empty result, and the LLM goes on as if all were well.',
  mend: 'Go: return an error, or RespondError. Python: raise an exception, or respond_error.',
  languages: ['go', 'python'],
  examples: {
    go: {
      bad: 'return &mirastack.ExecuteResponse{Logs: []string{"missing required param: id"}}, nil',
      good: 'return nil, errors.New("missing required param: id")',
    },
    python: {
      bad: 'return ExecuteResponse(logs=["missing required param: id"])',
      good: 'raise ValueError("missing required param: id")',
    },
  },
  check({ workspace, language }) {
    const findings = [];
    for (const { file, node } of workspace.records()) {
      if (node.type !== 'ExecuteResponse' || node.spreads.length > 0) continue;
      if (!file.imports.some(({ module }) => SDK_MODULES[language].test(module))) continue;
      const names = node.fields.map(({ name }) => plainName(name));
      if (names.includes('logs') && !names.includes('output'))
        findings.push({
          message: 'a response of Logs only reaches nobody: the engine sees a success without a result',
          place: file.placeOf(node),
        });
    }
    return checked(findings);
  },
};
