/**
 * The page's one clock. It follows the server's time and ticks once a second, on the second, for every timer on the
 * page; timers write into their text node themselves, so that a tick renders nothing.
 */

let offset = 0;
let best = Number.NEGATIVE_INFINITY;
const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Server time, POSIX seconds. */
export function serverNow(): number {
  return Date.now() / 1000 + offset;
}

/** Learn from a stamp that the server made just before we received it. The least delayed stamp wins. */
export function learnServerTime(at: number, received: number = Date.now() / 1000): void {
  const sample = at - received;
  if (sample > best || best - sample > 5) {
    best = sample;
    offset = sample;
  }
}

function tick(): void {
  const now = serverNow();
  for (const listener of listeners) listener(now);
  timer = listeners.size > 0 ? setTimeout(tick, 1000 - ((now * 1000) % 1000) + 5) : undefined;
}

/** Call `listener` now and at each second; returns the way to stop. */
export function onTick(listener: (now: number) => void): () => void {
  listeners.add(listener);
  listener(serverNow());
  timer ??= setTimeout(tick, 1000 - ((serverNow() * 1000) % 1000) + 5);
  return () => {
    listeners.delete(listener);
  };
}
