/** Times that tick: one timer for the whole page, none while nobody shows a time. */
import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  nowMs = Date.now();
  for (const listener of [...listeners]) listener();
}

function watch(listener: () => void): () => void {
  if (listeners.size === 0) timer = setInterval(tick, TICK_MS);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** Epoch milliseconds, rounded down to `everyMs` (whole seconds): draws anew only when that changes. */
export function useNow(everyMs = TICK_MS): number {
  return useSyncExternalStore(watch, () => {
    // Nobody has looked for a while: the clock stood still.
    if (listeners.size === 0 && Date.now() - nowMs > TICK_MS) nowMs = Date.now();
    return Math.floor(nowMs / everyMs) * everyMs;
  });
}
