import type { Action, PluginInfo, PluginSchema } from '../../contract/index.ts';
import type { LanguageId } from '../../project/index.ts';
import type { ActionFacts, AgentFacts, Fact, FactList } from './facts.ts';
import { known } from './facts.ts';

/** How a running agent answered a probe of its health. */
export interface HealthFact {
  readonly healthy: boolean;
  readonly message: string;
}

/** What the command found out by starting the agent. Left out: that was not asked. */
export interface LiveFacts {
  readonly info?: PluginInfo;
  readonly schema?: PluginSchema;
  /** Why the agent did not register, and what it printed last. */
  readonly startFailure?: { readonly message: string; readonly lines: readonly string[] };
  /** Why the agent's SDK cannot serve Execute, in one sentence. */
  readonly notExecutable?: string;
  readonly health?: HealthFact;
  /** With the backend's address pointed at a port where nothing listens; or why that was not tried. */
  readonly healthWithoutBackend?: HealthFact | { readonly skipped: string };
  /** The variables that were pointed there. */
  readonly backendVariables?: readonly string[];
}

type Located = { readonly place?: { readonly file: string; readonly line: number; readonly column: number } };

const at = (owner: Located | undefined): Located =>
  owner?.place === undefined ? {} : { place: owner.place };

function fact<T>(value: T, source: Fact<unknown> | undefined, owner: Located | undefined): Fact<T> {
  const place = source === undefined || source.state === 'missing' ? undefined : source.place;
  return { state: 'known', value, ...(place === undefined ? at(owner) : { place }) };
}

/** An unset permission of a Go or Python agent arrives as READ: there the source knows better. */
function permissionFact(
  live: string,
  source: Fact<string> | undefined,
  owner: Located | undefined,
  language: LanguageId,
): Fact<string> {
  if (language !== 'typescript' && source?.state === 'missing') return source;
  return live === '' ? { state: 'missing' } : fact(live, source, owner);
}

function overlayAction(
  live: Action,
  source: ActionFacts | undefined,
  owner: Located | undefined,
  language: LanguageId,
): ActionFacts {
  const place = at(source ?? owner);
  const params = (
    items: Action['inputParams'],
    sources: FactList<ActionFacts['params']['items'][number]> | undefined,
  ) => ({
    isComplete: true,
    items: (items ?? []).map((param) => {
      const declared = sources?.items.find((candidate) => known(candidate.name) === param.name);
      const where = declared ?? place;
      return {
        name: fact(param.name, declared?.name, where),
        type: fact<string>(param.type, declared?.type, where),
        required: fact(param.required, declared?.required, where),
        description: fact(param.description, declared?.description, where),
        ...at(where),
      };
    }),
  });
  return {
    id: fact(live.id, source?.id, place),
    description: fact(live.description, source?.description, place),
    permission: permissionFact(live.permission ?? '', source?.permission, place, language),
    stages: fact<readonly string[]>(live.stages ?? [], source?.stages, place),
    params: params(live.inputParams, source?.params),
    outputs: params(live.outputParams, source?.outputs),
    intents: {
      isComplete: true,
      items: (live.intents ?? []).map((intent) => {
        const same = source?.intents.items.find((candidate) => known(candidate.pattern) === intent.pattern);
        return {
          pattern: fact(intent.pattern, same?.pattern, same ?? place),
          priority: intent.priority ?? 0,
          ...at(same ?? place),
        };
      }),
    },
    // On the wire every TypeScript action has semantics: those that were left out are derived.
    routing:
      language === 'typescript' && source?.routing.state === 'missing'
        ? source.routing
        : live.routing === undefined
          ? { state: 'missing' }
          : fact(live.routing, source?.routing, place),
    ...place,
    ...(source?.record === undefined ? {} : { record: source.record }),
  };
}

/** What the running agent says, at the places where the source says it. */
export function overlayLive(
  info: PluginInfo,
  source: AgentFacts | undefined,
  language: LanguageId,
): AgentFacts {
  const owner = at(source);
  const actions = info.actions.map((action) =>
    overlayAction(
      action,
      source?.actions.items.find(({ id }) => known(id) === action.id),
      owner,
      language,
    ),
  );
  return {
    name: fact(info.name, source?.name, owner),
    version: fact(info.version, source?.version, owner),
    description: fact(info.description, source?.description, owner),
    permission: permissionFact(info.permission ?? '', source?.permission, owner, language),
    stages: fact<readonly string[]>(info.devopsStages, source?.stages, owner),
    actions: { items: actions, isComplete: true },
    actionsInInfo: fact(actions.length, source?.actionsInInfo, owner),
    intents: {
      isComplete: true,
      items: (info.intents ?? []).map((intent) => ({
        pattern: fact(intent.pattern, undefined, owner),
        priority: intent.priority ?? 0,
        ...owner,
      })),
    },
    configParams: {
      isComplete: true,
      items: (info.configParams ?? []).map((param) => {
        const same = source?.configParams.items.find(({ key }) => known(key) === param.key);
        return {
          key: fact(param.key, same?.key, same ?? owner),
          type: fact<string>(param.type, same?.type, same ?? owner),
          description: fact(param.description, same?.description, same ?? owner),
          isSecret: param.isSecret === true,
          default: fact(param.default ?? '', same?.default, same ?? owner),
          ...at(same ?? owner),
        };
      }),
    },
    templates: {
      isComplete: true,
      items: (info.promptTemplates ?? []).map((template) => ({
        name: fact(template.name, undefined, owner),
        // The text comes from a file: where it stands is for the rules of files.
        content: { state: 'computed' as const },
        ...owner,
      })),
    },
    ...owner,
    ...(source?.record === undefined ? {} : { record: source.record }),
  };
}
