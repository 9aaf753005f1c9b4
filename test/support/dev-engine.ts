/** The dev engine as a program: `mirastack-agent engine`. */
import type { Child } from './child.ts';
import type { Workplace } from './workplace.ts';

/** The one line that `engine --json` prints. */
export interface EngineLine {
  readonly type: 'engine-listening';
  /** `host:port` where agents register. */
  readonly grpcAddr: string;
  readonly controlUrl: string;
  readonly tenantId: string;
  readonly pid: number;
  readonly sessionFile: string;
}

export interface EngineProgram extends EngineLine {
  readonly child: Child;
  /** Port of `grpcAddr`. */
  readonly grpcPort: number;
  /** What an agent started by hand needs in its environment. */
  readonly agentEnv: Record<string, string>;
}

/** Starts the engine program and waits for its line. */
export async function startEngineProgram(
  work: Workplace,
  toolkit: string,
  options: {
    readonly project: string;
    readonly args?: readonly string[];
    readonly env?: Record<string, string>;
  },
): Promise<EngineProgram> {
  const args = ['engine', '--ephemeral', '--json', '--project', options.project, ...(options.args ?? [])];
  const child = work.start(toolkit, args, options.env === undefined ? {} : { env: options.env });
  const line = await child.line((text) => JSON.parse(text) as EngineLine);
  return {
    ...line,
    child,
    grpcPort: Number(line.grpcAddr.slice(line.grpcAddr.lastIndexOf(':') + 1)),
    agentEnv: {
      MIRASTACK_ENGINE_ADDR: line.grpcAddr,
      MIRASTACK_PLUGIN_TENANT_ID: line.tenantId,
      MIRASTACK_PLUGIN_ADDR: '127.0.0.1:0',
    },
  };
}
