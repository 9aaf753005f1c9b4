/** `mirastack-agent dev --json` as a program, and the events it prints. */
import { expect } from 'vitest';
import type { DevEvent, DevEventBody } from '../../src/dev/index.ts';
import type { Child } from './child.ts';
import type { GeneratedProject } from './generated-project.ts';
import type { Workplace } from './workplace.ts';

type EventOf<Type extends DevEventBody['type']> = Extract<DevEvent, { readonly type: Type }>;

export interface DevProgram {
  readonly child: Child;
  readonly pid: number;
  /** Every event so far. */
  events(): readonly DevEvent[];
  /** Waits for an event of a type; of the generation when one is named. */
  waitFor<Type extends DevEventBody['type']>(type: Type, generation?: number): Promise<EventOf<Type>>;
}

/** Long enough for a build and a start on a busy machine. */
const PATIENCE_MS = 20_000;

/** Starts the project on its dev engine with fast health probes. */
export function startDevProgram(
  work: Workplace,
  project: Pick<GeneratedProject, 'toolkit' | 'folder'>,
): DevProgram {
  const child = work.start(project.toolkit, ['dev', '--json', '--health-interval', '1'], {
    cwd: project.folder,
  });
  const events = () => child.stdout.map((line) => JSON.parse(line) as DevEvent);
  return {
    child,
    pid: child.process.pid ?? 0,
    events,
    async waitFor<Type extends DevEventBody['type']>(type: Type, generation?: number) {
      const wanted = generation === undefined ? { type } : { type, generation };
      await expect
        .poll(events, { timeout: PATIENCE_MS })
        .toEqual(expect.arrayContaining([expect.objectContaining(wanted)]));
      return events().find(
        (event): event is EventOf<Type> =>
          event.type === type && (generation === undefined || event.generation === generation),
      ) as EventOf<Type>;
    },
  };
}
