import type { ServerResponse } from 'node:http';
import type { Engine } from '../engine/index.ts';
import { ANSWER_HEADERS } from './answer.ts';
import type { EventGap, TimedEvent } from './api.ts';
import { showEvent } from './event-text.ts';
import { Refusal } from './refusals.ts';

/** What may wait in memory for one client. One that lets more pile up gets the rest once it has read. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** How long a client may read nothing at all, while so much waits for it, until it is dropped. */
const STALL_MS = 5_000;
const MAX_STREAMS = 32;
/** So that a client notices an engine that is gone, and we one that is. */
const KEEPALIVE_MS = 15_000;

/** One client that follows. */
interface Follower {
  readonly response: ServerResponse;
  /** The number of the last event that was sent to it. */
  last: number;
  /** Set while too much waits for it: nothing more is sent, and when this fires it is dropped. */
  stall: NodeJS.Timeout | undefined;
}

const messageOf = (event: TimedEvent): string =>
  `id: ${event.seq}\ndata: ${JSON.stringify(showEvent(event))}\n\n`;

function gapMessage(missedFrom: number, missedTo: number): string {
  const gap: EventGap = { type: 'gap', missedFrom, missedTo };
  return `data: ${JSON.stringify(gap)}\n\n`;
}

/**
 * Sends an engine's events to every client that follows them, each written to text once. What waits for a client is
 * bounded: who reads slowly catches up from what the engine keeps, and who stops reading is dropped.
 */
export class EventFeed {
  readonly #engine: Engine;
  readonly #stallMs: number;
  readonly #followers = new Set<Follower>();
  #unsubscribe: (() => void) | undefined;
  #keepalive: NodeJS.Timeout | undefined;

  constructor(engine: Engine, stallMs: number = STALL_MS) {
    this.#engine = engine;
    this.#stallMs = stallMs;
  }

  /**
   * Begins to send; the response stays open until the client goes or is dropped.
   * @param since the number of the last event that the client has; undefined for events from now on
   * @throws Refusal too-many-streams
   */
  add(response: ServerResponse, since: number | undefined): void {
    if (this.#followers.size >= MAX_STREAMS) throw new Refusal('too-many-streams');
    response.writeHead(200, { ...ANSWER_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    const newest = this.#engine.eventsSince(0).at(-1)?.seq ?? 0;
    const follower: Follower = { response, last: since ?? newest, stall: undefined };
    this.#followers.add(follower);
    response.once('close', () => this.#remove(follower));
    // A client that goes in the middle of a write is no fault.
    response.on('error', () => undefined);
    response.on('drain', () => this.#catchUp(follower));
    this.#unsubscribe ??= this.#engine.subscribe((event) => this.#sendAll(event));
    this.#keepalive ??= setInterval(() => this.#keepAlive(), KEEPALIVE_MS).unref();
    // One turn of the loop: nothing can happen between what is kept and what comes.
    if (since === undefined) response.write(`id: ${newest}\n\n`);
    else this.#replay(follower);
  }

  #replay(follower: Follower): void {
    for (const event of this.#engine.eventsSince(follower.last)) {
      if (follower.stall !== undefined) return;
      if (event.seq > follower.last + 1)
        follower.response.write(gapMessage(follower.last + 1, event.seq - 1));
      this.#send(follower, event, messageOf(event));
    }
  }

  #catchUp(follower: Follower): void {
    if (follower.stall === undefined) return;
    clearTimeout(follower.stall);
    follower.stall = undefined;
    this.#replay(follower);
  }

  #sendAll(event: TimedEvent): void {
    let text: string | undefined;
    for (const follower of this.#followers) {
      if (follower.stall !== undefined) continue;
      text ??= messageOf(event);
      this.#send(follower, event, text);
    }
  }

  #send(follower: Follower, { seq }: TimedEvent, text: string): void {
    const { response } = follower;
    // Dropped a moment ago, and not yet told of: a write would be an error that nobody hears.
    if (response.destroyed) return;
    response.write(text);
    follower.last = seq;
    if (response.writableLength > MAX_WAITING_BYTES)
      follower.stall = setTimeout(() => response.destroy(), this.#stallMs);
  }

  #keepAlive(): void {
    for (const { response, stall } of this.#followers)
      if (stall === undefined && !response.destroyed) response.write(': still here\n\n');
  }

  #remove(follower: Follower): void {
    clearTimeout(follower.stall);
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearInterval(this.#keepalive);
    this.#keepalive = undefined;
  }
}
