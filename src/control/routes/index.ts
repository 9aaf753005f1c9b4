import { PATHS } from '../api.ts';
import { describeApi } from '../openapi.ts';
import { agentRoutes } from './agents.ts';
import type { Call, Route } from './route.ts';
import { storeRoutes } from './stores.ts';
import { workRoutes } from './work.ts';

export type { Call, Route };

const documentRoute = (): Route => ({
  method: 'GET',
  path: PATHS.document,
  id: 'getDocument',
  summary: 'This document.',
  perform: ({ version }) => describeApi(apiRoutes(), version),
});

let built: readonly Route[] | undefined;

/** The whole API; built when it is first served, which a client never does. */
export function apiRoutes(): readonly Route[] {
  built ??= [documentRoute(), ...agentRoutes(), ...workRoutes(), ...storeRoutes()];
  return built;
}

/** A route that a path belongs to, and the values of the path's parts. */
export interface RouteMatch {
  readonly route: Route;
  readonly parts: ReadonlyMap<string, string>;
}

function decodePart(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment);
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}

function matchPath(pattern: string, path: string): ReadonlyMap<string, string> | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const parts = new Map<string, string>();
  for (const [index, word] of expected.entries()) {
    const segment = given[index] ?? '';
    if (!word.startsWith('{')) {
      if (word !== segment) return undefined;
      continue;
    }
    const value = decodePart(segment);
    if (value === undefined) return undefined;
    parts.set(word.slice(1, -1), value);
  }
  return parts;
}

/** The routes of a path. A fixed path goes before one with parts. */
function routesOf(path: string): readonly RouteMatch[] {
  const matches = apiRoutes().flatMap((route) => {
    const parts = matchPath(route.path, path);
    return parts === undefined ? [] : [{ route, parts }];
  });
  const fixed = matches.filter(({ parts }) => parts.size === 0);
  return fixed.length > 0 ? fixed : matches;
}

/** The methods a path takes; empty when there is no such path. */
export const methodsOf = (path: string): readonly string[] => routesOf(path).map(({ route }) => route.method);

/** The route of an admitted request. */
export const findRoute = (method: string, path: string): RouteMatch | undefined =>
  routesOf(path).find(({ route }) => route.method === method);
