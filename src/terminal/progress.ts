import type { Channel } from './streams.ts';

/** Work that ends sooner needs no word. */
const QUIET_MS = 500;
const TICK_MS = 1_000;
const CLEAR_LINE = '\r\u001b[K';

/** A line that says what is waited for, for how long now. */
export interface Progress {
  /** Takes the line away; what is said next stands where it was. Idempotent. */
  stop(): void;
}

/** Shows on a terminal, and nowhere else, that work goes on. */
export function startProgress(channel: Channel, text: string): Progress {
  if (!channel.isTTY) return { stop: () => undefined };
  const startedAt = performance.now();
  let shown = false;
  const show = () => {
    shown = true;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    channel.write(`${CLEAR_LINE}${channel.theme.faint(`${text} … ${seconds} s`)}`);
  };
  let tick: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    tick = setInterval(show, TICK_MS);
  }, QUIET_MS);
  return {
    stop: () => {
      clearTimeout(first);
      clearInterval(tick);
      if (shown) channel.write(CLEAR_LINE);
      shown = false;
    },
  };
}
