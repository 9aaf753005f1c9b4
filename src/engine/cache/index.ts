/** The engine's cache for agents: in memory, or in a Valkey or Redis server. */
export { createMemoryCache, type MemoryCache, type MemoryCacheOptions } from './memory.ts';
export type { EngineCache } from './types.ts';
export { createValkeyCache, type ValkeyCacheOptions } from './valkey.ts';
