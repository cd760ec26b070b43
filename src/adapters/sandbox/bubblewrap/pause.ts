import type { Clock } from '../../../ports/system.ts';

/** Sleeps, and keeps this process alive meanwhile: timers of the clock alone would let a short-lived program end in mid-kill. */
export async function pause(clock: Clock, delayMs: number): Promise<void> {
  const hold = setInterval(() => {}, 1_000_000);
  try {
    await clock.sleep(delayMs);
  } finally {
    clearInterval(hold);
  }
}
