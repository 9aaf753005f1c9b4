import { rootValue } from '../source/resolve.ts';
import type { Place } from '../source/source-file.ts';
import type { Edit, Finding, Rule } from '../types.ts';
import { checked } from './kit.ts';

export const sdkCacheTtl: Rule = {
  id: 'sdk-cache-ttl',
  title: 'The time to live of a cache entry has a unit',
  group: 'sdk',
  severity: 'error',
  why: 'In Go a bare 300 compiles and means 300 nanoseconds, which the SDK sends as 0: the entry never expires. In Python a number has no total_seconds and the call fails.',
  mend: 'Go: 300*time.Second. Python: timedelta(seconds=300).',
  languages: ['go', 'python'],
  examples: {
    go: {
      bad: 'p.engine.CacheSet(ctx, key, text, 300)',
      good: 'p.engine.CacheSet(ctx, key, text, 300*time.Second)',
    },
    python: {
      bad: 'await engine.cache_set(key, text, 300)',
      good: 'await engine.cache_set(key, text, timedelta(seconds=300))',
    },
  },
  check({ workspace, resolver, language }) {
    const findings: Finding[] = [];
    for (const { file, node } of workspace.calls()) {
      const isSet = node.callee.at(-1) === (language === 'go' ? 'CacheSet' : 'cache_set');
      if (!isSet) continue;
      const ttl =
        language === 'go'
          ? node.args[3]
          : (node.args[2] ?? node.named.find(({ name }) => name === 'ttl')?.value);
      if (ttl === undefined) continue;
      const { node: value } = resolver.resolve(rootValue({ file, node: ttl }));
      // Zero has no unit: it never expires.
      if (value.kind === 'number' && value.value !== 0)
        findings.push({
          message: `the time to live is the bare number ${value.value}: ${language === 'go' ? 'that is nanoseconds' : 'expected a timedelta'}`,
          place: file.placeOf(ttl),
          ...(language === 'go' &&
          ttl.kind === 'number' &&
          file.imports.some(({ module }) => module === 'time')
            ? { fix: secondsFix(file.placeOf(ttl), file.sourceOf(ttl)) }
            : {}),
        });
    }
    return checked(findings);
  },
};

/** The guide means seconds. */
const secondsFix = (place: Place, number: string): Edit => ({
  place,
  from: number,
  to: `${number}*time.Second`,
});
