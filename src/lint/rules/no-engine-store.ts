import type { LanguageId } from '../../project/index.ts';
import type { Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';

const CLIENTS: Readonly<Record<LanguageId, RegExp>> = {
  go: /(^|\/)(go-redis|redigo|rueidis|valkey-go|valkey-glide|radix)(\/|$)|^github\.com\/(redis|go-redis|gomodule\/redigo|valkey-io|mediocregopher)\/|^go\.etcd\.io\/|etcd\/client|k3s-io\/kine/,
  python:
    /^(redis|aioredis|valkey|glide|coredis|walrus|etcd3|etcd|aetcd|etcd3gw|rediscluster|fakeredis)(\.|$)/,
  typescript:
    /^(redis|ioredis|iovalkey|@redis\/.*|@valkey\/.*|@upstash\/redis|handy-redis|tedis|etcd3|etcd-client|bullmq|bull)(\/|$)/,
};

export const noEngineStore: Rule = {
  id: 'no-engine-store',
  title: 'The agent does not connect to Valkey, Redis or the engine’s database',
  group: 'conduct',
  severity: 'error',
  why: 'They are the engine’s own: an agent that goes around it reads other tenants’ data and breaks with the next release.',
  mend: 'Use the engine’s cache: CacheGet and CacheSet of the engine client.',
  languages: ALL,
  examples: {
    typescript: {
      bad: "import { createClient } from 'redis';",
      good: 'await engineClient.cacheGetText(key);',
    },
    go: { bad: 'import "github.com/redis/go-redis/v9"', good: 'p.engine.CacheGet(ctx, key)' },
    python: { bad: 'import redis', good: 'await self._engine_context.cache_get(key)' },
  },
  check({ workspace, language }) {
    return checked(
      workspace.agentFiles.flatMap((file) =>
        file.imports
          .filter(({ module }) => CLIENTS[language].test(module))
          .map((item) => ({
            message: `${item.module} connects to a store that is the engine’s`,
            place: file.placeOf(item),
          })),
      ),
    );
  },
};
