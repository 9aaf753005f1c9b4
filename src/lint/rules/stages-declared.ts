import { STAGES } from '../../contract/index.ts';
import { known, placeOf } from '../agent/facts.ts';
import type { Finding, Rule } from '../types.ts';
import { checkGate } from './gate.ts';
import { ALL } from './kit.ts';

export const stagesDeclared: Rule = {
  id: 'stages-declared',
  title: 'The agent and every action declare at least one DevOps stage',
  group: 'gates',
  severity: 'error',
  why: 'The engine offers an action only in the stages that it declares, and refuses one without any.',
  mend: `Declare at least one of ${STAGES.join(', ')}.`,
  languages: ALL,
  checklist: 3,
  examples: {
    typescript: { bad: 'devopsStages: [],', good: "devopsStages: ['observe']," },
    go: { bad: 'DevOpsStages: nil,', good: 'DevOpsStages: []mirastack.DevOpsStage{mirastack.StageObserve},' },
    python: { bad: 'devops_stages=[],', good: 'devops_stages=[DevOpsStage.OBSERVE],' },
  },
  check(input) {
    const outcome = checkGate(input, 'stages');
    const { agent } = input;
    if (outcome.kind !== 'checked' || agent === undefined) return outcome;
    const unknown: Finding[] = [agent, ...agent.actions.items].flatMap((owner) =>
      (known(owner.stages) ?? [])
        .filter((stage) => stage !== '?' && !STAGES.some((name) => name === stage))
        .map((stage) => ({
          message: `"${stage}" is no DevOps stage: expected ${STAGES.join(', ')}`,
          place: placeOf(owner.stages, owner.place),
        })),
    );
    return { ...outcome, findings: [...outcome.findings, ...unknown] };
  },
};
