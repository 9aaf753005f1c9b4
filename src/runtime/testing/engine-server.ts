import { createServer, type EngineConnection, type ServiceHandlers } from '../../wire/index.ts';

type Handlers = Required<ServiceHandlers<'EngineService'>>;

/** Every method an agent may call; a new one in proto/ that is not here does not compile. */
const METHODS: Readonly<Record<keyof Handlers, true>> = {
  GetConfig: true,
  ListKPIs: true,
  GetKPI: true,
  CacheGet: true,
  CacheGetBatch: true,
  CacheSet: true,
  PublishResult: true,
  RequestApproval: true,
  LogEvent: true,
  CallPlugin: true,
  RegisterPlugin: true,
  DeregisterPlugin: true,
  Heartbeat: true,
};

/** An engine that listens. */
export interface EngineServer {
  /** `host:port`, on this machine alone. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves what answers calls on a free port of the loopback.
 * @param onFault hears of an answer that threw; the agent gets INTERNAL
 */
export async function serveEngine(
  connection: EngineConnection,
  onFault: (error: unknown, method: string) => void,
): Promise<EngineServer> {
  const handlers = Object.fromEntries(
    (Object.keys(METHODS) as (keyof Handlers)[]).map((method) => [
      method,
      (request: never) => connection.call(method, request),
    ]),
  ) as unknown as Handlers;
  const server = createServer({ services: { EngineService: handlers }, onInternalError: onFault });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  return { address: `127.0.0.1:${port}`, close: () => server.close(0) };
}
