import type { EngineEvent, Health } from '../engine/index.ts';

/** One agent process as the engine has come to know it. */
export interface KnownInstance {
  readonly instanceId: string;
  readonly agent: string;
  readonly version: string;
  readonly health: Health;
  readonly healthMessage: string;
}

const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1));

/**
 * Finds out which of the engine's instances a launched process is: the one registered, since the launch, at
 * the port the process printed. Events and port may come in any order.
 */
export class Readiness {
  readonly #byPort = new Map<number, KnownInstance>();
  #port: number | undefined;

  portPrinted(port: number): void {
    this.#port = port;
  }

  /** What the engine knows of our process so far. */
  get instance(): KnownInstance | undefined {
    return this.#port === undefined ? undefined : this.#byPort.get(this.#port);
  }

  take(event: EngineEvent): void {
    if (event.type === 'registered') {
      const { agent, version, instance } = event;
      this.#byPort.set(portOf(instance.address), {
        instanceId: instance.instanceId,
        agent,
        version,
        health: instance.health,
        healthMessage: instance.healthMessage,
      });
    }
    if (event.type === 'health')
      for (const [port, known] of this.#byPort)
        if (known.instanceId === event.instanceId)
          this.#byPort.set(port, { ...known, health: event.health, healthMessage: event.message });
  }
}
