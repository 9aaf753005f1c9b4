import { findGateViolations, type GateKind } from '../agent/gates.ts';
import type { Outcome, Rule, RuleInput } from '../types.ts';
import { checked, notChecked, placeText, withAgent } from './kit.ts';

/** The gates of one kind, as the platform words them; each rule of this group is such a kind. */
export function checkGate(input: RuleInput, kind: GateKind): Outcome {
  const failure = input.live?.startFailure;
  if (failure !== undefined && input.declared === undefined) {
    return notChecked(`the agent did not start: ${failure.message}`);
  }
  return withAgent(input, (agent) => {
    const findings = findGateViolations(agent).filter((found) => found.kind === kind);
    if (findings.length > 0) return checked(findings);
    const isOfActions = ['permission', 'stages', 'action-id', 'action-description', 'routing'].includes(kind);
    if (isOfActions && !agent.actions.isComplete)
      return notChecked('some actions are only known at run time');
    return checked([], placeText(agent.place) || 'the running agent');
  });
}

/** A rule of the gates: all of them differ only in what they say. */
export function gateRule(kind: GateKind, rule: Omit<Rule, 'check' | 'group' | 'severity'>): Rule {
  return { ...rule, group: 'gates', severity: 'error', check: (input) => checkGate(input, kind) };
}
