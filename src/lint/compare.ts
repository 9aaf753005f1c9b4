import type { Action, ParamSchema, PluginInfo } from '../contract/index.ts';
import { parseVersion } from './version.ts';

/** How much a version must grow. */
export type Bump = 'major' | 'minor' | 'patch' | 'none';

/** One difference between two states of an agent, and what it asks of the version. */
export interface Change {
  readonly message: string;
  readonly bump: Exclude<Bump, 'none'>;
}

const ORDER: readonly Bump[] = ['none', 'patch', 'minor', 'major'];
const byKey = <T>(items: readonly T[] | undefined, key: (item: T) => string) =>
  new Map((items ?? []).map((item) => [key(item), item]));

/** What callers of the agent notice: actions, params, results, configuration. */
export function compareAgents(before: PluginInfo, after: PluginInfo): readonly Change[] {
  const changes: Change[] = [];
  if (before.name !== after.name)
    changes.push({
      message: `the agent was called ${before.name} and is called ${after.name}`,
      bump: 'major',
    });
  const oldActions = byKey(before.actions, ({ id }) => id);
  const newActions = byKey(after.actions, ({ id }) => id);
  for (const [id, action] of oldActions) {
    const now = newActions.get(id);
    if (now === undefined) changes.push({ message: `the action ${id} is gone`, bump: 'major' });
    else changes.push(...compareActions(action, now));
  }
  for (const id of newActions.keys())
    if (!oldActions.has(id)) changes.push({ message: `the action ${id} is new`, bump: 'minor' });
  const oldKeys = byKey(before.configParams, ({ key }) => key);
  const newKeys = byKey(after.configParams, ({ key }) => key);
  for (const [key, param] of oldKeys) {
    const now = newKeys.get(key);
    if (now === undefined) changes.push({ message: `the configuration key ${key} is gone`, bump: 'major' });
    else if (now.type !== param.type)
      changes.push({ message: `the configuration key ${key} has another type`, bump: 'major' });
  }
  for (const key of newKeys.keys())
    if (!oldKeys.has(key)) changes.push({ message: `the configuration key ${key} is new`, bump: 'minor' });
  if (changes.length === 0 && textOf(before) !== textOf(after))
    changes.push({ message: 'what the agent says of itself is different', bump: 'patch' });
  return changes;
}

const textOf = ({ version: _, ...rest }: PluginInfo) => JSON.stringify(rest);

function compareActions(before: Action, after: Action): Change[] {
  const { id } = before;
  const changes: Change[] = [];
  const inputs = byKey(before.inputParams, ({ name }) => name);
  const nowInputs = byKey(after.inputParams, ({ name }) => name);
  for (const [name, param] of inputs) changes.push(...compareParam(id, name, param, nowInputs.get(name)));
  for (const [name, param] of nowInputs)
    if (!inputs.has(name))
      changes.push(
        param.required
          ? { message: `the action ${id} has the new required param ${name}`, bump: 'major' }
          : { message: `the action ${id} has the new param ${name}`, bump: 'minor' },
      );
  const outputs = byKey(before.outputParams, ({ name }) => name);
  const nowOutputs = byKey(after.outputParams, ({ name }) => name);
  for (const [name, param] of outputs) {
    const now = nowOutputs.get(name);
    if (now === undefined)
      changes.push({ message: `the action ${id} does not give ${name} any more`, bump: 'major' });
    else if (now.type !== param.type)
      changes.push({ message: `${name} that ${id} gives has another type`, bump: 'major' });
  }
  for (const name of nowOutputs.keys())
    if (!outputs.has(name)) changes.push({ message: `the action ${id} gives ${name}, too`, bump: 'minor' });
  return changes;
}

function compareParam(
  id: string,
  name: string,
  before: ParamSchema,
  after: ParamSchema | undefined,
): Change[] {
  if (after === undefined) return [{ message: `the param ${name} of ${id} is gone`, bump: 'major' }];
  if (after.type !== before.type)
    return [{ message: `the param ${name} of ${id} has another type`, bump: 'major' }];
  if (after.required && !before.required)
    return [{ message: `the param ${name} of ${id} is now required`, bump: 'major' }];
  return [];
}

/** The largest of what the changes ask for. */
export function neededBump(changes: readonly Change[]): Bump {
  return changes.reduce<Bump>(
    (most, { bump }) => (ORDER.indexOf(bump) > ORDER.indexOf(most) ? bump : most),
    'none',
  );
}

/** Whether a version grew as much as it must. Before 1.0.0 the second number stands for what breaks. */
export function satisfiesBump(before: string, after: string, bump: Bump): boolean {
  const [old, now] = [parseVersion(before), parseVersion(after)];
  if (bump === 'none' || old === undefined || now === undefined) return bump === 'none';
  const grew = (...parts: ('major' | 'minor' | 'patch')[]): boolean => {
    for (const part of parts) {
      if (now[part] > old[part]) return true;
      if (now[part] < old[part]) return false;
    }
    return false;
  };
  switch (bump) {
    case 'major':
      return old.major === 0 ? grew('major', 'minor') : grew('major');
    case 'minor':
      return old.major === 0 ? grew('major', 'minor', 'patch') : grew('major', 'minor');
    case 'patch':
      return grew('major', 'minor', 'patch') || (old.prerelease !== '' && now.prerelease === '');
    default: {
      const never: never = bump;
      throw new TypeError(`unknown bump ${JSON.stringify(never)}`);
    }
  }
}

/** A permission that grew; `action` is undefined for the agent's own. */
export interface Widened {
  readonly action: string | undefined;
  readonly from: string;
  readonly to: string;
}

const RANK: Readonly<Record<string, number>> = { READ: 0, WRITE: 1, MODIFY: 1, ADMIN: 2 };

/** Permissions that are wider than they were. */
export function listWidened(before: PluginInfo, after: PluginInfo): readonly Widened[] {
  const wider = (from: string, to: string) => (RANK[to] ?? 0) > (RANK[from] ?? 0);
  const widened: Widened[] = [];
  if (wider(before.permission, after.permission))
    widened.push({ action: undefined, from: before.permission, to: after.permission });
  const old = byKey(before.actions, ({ id }) => id);
  for (const { id, permission } of after.actions) {
    const was = old.get(id);
    if (was !== undefined && wider(was.permission, permission))
      widened.push({ action: id, from: was.permission, to: permission });
  }
  return widened;
}
