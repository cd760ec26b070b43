import type { Clock } from '../../ports/system.ts';

/** The longest delay that a timer of the platform takes: beyond it the platform would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** The real clock. `sleep` rejects with the signal's reason when it is aborted. */
export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = (): void => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = after(delayMs, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
  };
}

function after(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(Math.max(0, leftMs), MAX_TIMER_MS);
    timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : callback()), stepMs);
    timer.unref();
  };
  arm(delayMs);
  return () => clearTimeout(timer);
}
