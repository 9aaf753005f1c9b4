import { PERMISSIONS, type Permission } from '../contract/index.ts';
import { UserError } from '../support/errors.ts';

const DECISIONS = ['approve', 'deny', 'wait', 'expire'] as const;
/** What a policy says to a request for approval: decide it at once, leave it to a human, or let it time out now. */
export type PolicyDecision = (typeof DECISIONS)[number];

/** One rule. A field that is left out, or `*`, matches everything. */
export interface PolicyRule {
  readonly agent?: string;
  /** An action's id; a request that an agent makes itself has the action that is running. */
  readonly action?: string;
  readonly permission?: Permission;
  readonly decision: PolicyDecision;
  /** Told to whoever asked. */
  readonly comment?: string;
}

/** Rules in order: the first that matches decides; where none does, a human is waited for. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  /** Seconds until an undecided request expires. Default 600 (faults.md T9). */
  readonly approvalTimeoutS?: number;
}

const RULE_FIELDS = ['agent', 'action', 'permission', 'decision', 'comment'];
const MAX_TIMEOUT_S = 86_400;

function refuse(place: string, expected: string): never {
  throw new UserError({
    kind: 'usage',
    code: 'bad-policy',
    message: `The policy's ${place} must be ${expected}.`,
    hint: 'Write {"rules":[{"agent":"my_agent","action":"*","decision":"approve"}]}.',
  });
}

function parseRule(value: unknown, index: number): PolicyRule {
  const place = `rules[${index}]`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, 'an object');
  const rule = value as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(rule).find((key) => !RULE_FIELDS.includes(key));
  if (stranger !== undefined)
    refuse(place, `made of ${RULE_FIELDS.join(', ')}; it has ${JSON.stringify(stranger)}`);
  for (const key of RULE_FIELDS)
    if (rule[key] !== undefined && typeof rule[key] !== 'string') refuse(`${place}.${key}`, 'a string');
  if (!DECISIONS.includes(rule.decision as PolicyDecision))
    refuse(`${place}.decision`, `one of ${DECISIONS.join(', ')}`);
  if (rule.permission !== undefined && !PERMISSIONS.includes(rule.permission as Permission))
    refuse(`${place}.permission`, `one of ${PERMISSIONS.join(', ')}`);
  return { ...rule } as unknown as PolicyRule;
}

/**
 * Reads a policy from the document in its file.
 * @throws UserError bad-policy that names the place
 */
export function parsePolicy(document: unknown): Policy {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    refuse('document', 'an object');
  const { rules = [], approvalTimeoutS, ...rest } = document as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(rest)[0];
  if (stranger !== undefined)
    refuse('document', `made of rules and approvalTimeoutS; it has ${JSON.stringify(stranger)}`);
  if (!Array.isArray(rules)) refuse('rules', 'an array');
  const policy = { rules: rules.map(parseRule) };
  if (approvalTimeoutS === undefined) return policy;
  if (typeof approvalTimeoutS !== 'number' || !(approvalTimeoutS > 0 && approvalTimeoutS <= MAX_TIMEOUT_S))
    refuse('approvalTimeoutS', `a number of seconds above 0 and up to ${MAX_TIMEOUT_S}`);
  return { ...policy, approvalTimeoutS };
}

const matches = (pattern: string | undefined, value: string): boolean =>
  pattern === undefined || pattern === '*' || pattern === value;

/** The rule that decides, or undefined when a human does. */
export function findRule(
  policy: Policy,
  asked: { readonly agent: string; readonly action: string; readonly permission: Permission },
): PolicyRule | undefined {
  return policy.rules.find(
    (rule) =>
      matches(rule.agent, asked.agent) &&
      matches(rule.action, asked.action) &&
      matches(rule.permission, asked.permission),
  );
}
