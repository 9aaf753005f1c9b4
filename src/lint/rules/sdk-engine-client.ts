import type { Finding, Rule } from '../types.ts';
import { checked } from './kit.ts';

export const sdkEngineClient: Rule = {
  id: 'sdk-engine-client',
  title: 'The engine is reached through the engine context',
  group: 'sdk',
  severity: 'error',
  why: 'The guide’s samples use an EngineClient of the request, which no SDK but the TypeScript runtime has.',
  mend: 'Go: implement SetEngineContext(*mirastack.EngineContext) and keep what it gets. Python: use `self._engine_context`.',
  languages: ['go', 'python'],
  examples: {
    go: { bad: 'req.EngineClient.CacheGet(ctx, key)', good: 'p.engine.CacheGet(ctx, key)' },
    python: {
      bad: 'await req.engine_client.cache_get(key)',
      good: 'await self._engine_context.cache_get(key)',
    },
  },
  check({ workspace, language }) {
    const wanted = language === 'go' ? 'EngineClient' : 'engine_client';
    const findings: Finding[] = [];
    for (const file of workspace.agentFiles)
      for (const node of file.nodes) {
        const path = node.kind === 'call' ? node.callee : node.kind === 'name' ? node.path : [];
        const [head = ''] = path;
        if (path[1] === wanted && /^(req|request|r|exec|in)$/i.test(head))
          findings.push({ message: `the request has no ${wanted}`, place: file.placeOf(node) });
      }
    return checked(findings);
  },
};
