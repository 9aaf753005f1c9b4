import type { EngineConnection } from '../../wire/index.ts';
import type { Telemetry } from './telemetry.ts';

/** The same connection, whose calls belong to the trace of the execution that makes them. */
export function traceConnection(connection: EngineConnection, telemetry: Telemetry): EngineConnection {
  return {
    call: (method, request, options) =>
      connection.call(method, request, {
        ...options,
        headers: { ...options?.headers, ...telemetry.outgoing() },
      }),
  };
}
