import type { Action, ConfigParam, PluginInfo } from './plugin.ts';
import { normaliseRouting } from './routing.ts';
import { PERMISSIONS, type Permission, STAGES, type Stage } from './vocabulary.ts';

const isBlank = (text: string | undefined): boolean => (text ?? '').trim() === '';
/** A word of another vocabulary would travel as "unset", so it counts as that here already. */
const isPermission = (word: Permission | undefined): boolean =>
  (PERMISSIONS as readonly unknown[]).includes(word);
const hasStage = (words: readonly Stage[] | undefined): boolean =>
  (words ?? []).some((word) => (STAGES as readonly unknown[]).includes(word));
const BLANK = 'must not be empty (whitespace-only is not allowed)';
const UNSET_PERMISSION = 'permission must be explicitly set (READ, MODIFY or ADMIN)';
const NO_STAGE = 'at least one DevOps stage must be declared';

function checkAction(action: Action, index: number, firstIndexById: Map<string, number>): string[] {
  if ((action.id ?? '') === '') return [`action[${index}]: id must not be empty`];
  const place = `action[${index}] (${action.id})`;
  const violations: string[] = [];
  const first = firstIndexById.get(action.id);
  if (first === undefined) firstIndexById.set(action.id, index);
  else violations.push(`${place}: id must be unique, action[${first}] has it already`);
  if (isBlank(action.description)) violations.push(`${place}: description ${BLANK}`);
  if (!isPermission(action.permission)) violations.push(`${place}: ${UNSET_PERMISSION}`);
  if (!hasStage(action.stages)) violations.push(`${place}: ${NO_STAGE}`);
  if (action.routing !== undefined) {
    const result = normaliseRouting(action.routing);
    if (!result.ok) violations.push(`${place}: invalid routing semantics: ${result.reason}`);
  }
  return violations;
}

function checkConfigParam(param: ConfigParam, index: number): string[] {
  if ((param.key ?? '') === '') return [`config_param[${index}]: key must not be empty`];
  if (isBlank(param.description))
    return [`config_param[${index}] (${param.key}): description must not be empty`];
  return [];
}

/**
 * The quality gates over an agent's info, all violations at once, in a fixed order. One list for the
 * runtime, the dev engine and lint. Source: design.md, "Gate texts"; the platform's guide, "Quality Gates".
 */
export function checkGates(info: PluginInfo): string[] {
  const violations: string[] = [];
  if ((info.name ?? '') === '') violations.push('name must not be empty');
  if ((info.version ?? '') === '') violations.push('version must not be empty');
  if (isBlank(info.description)) violations.push(`description ${BLANK}`);
  if (!isPermission(info.permission)) violations.push(UNSET_PERMISSION);
  if ((info.actions ?? []).length === 0) violations.push('at least one action must be declared');
  if (!hasStage(info.devopsStages)) violations.push(NO_STAGE);
  const firstIndexById = new Map<string, number>();
  for (const [index, action] of (info.actions ?? []).entries())
    violations.push(...checkAction(action, index, firstIndexById));
  for (const [index, param] of (info.configParams ?? []).entries())
    violations.push(...checkConfigParam(param, index));
  return violations;
}

/** The text a user sees when gates fail: a headline, then one indented line for each violation. */
export function formatGateFailure(violations: readonly string[]): string {
  return ['FATAL: plugin quality gate failed:', ...violations.map((line) => `  - ${line}`)].join('\n');
}
