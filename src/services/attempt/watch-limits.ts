/** The brakes of a single attempt that do not depend on what the agent says: wall clock and silence. */
import type { StopReason } from '../../core/run/after-attempt.ts';
import type { RunRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';

const MINUTE_MS = 60_000;

export interface LimitWatch {
  /** A sign of life: output, a model call. */
  seen(): void;
  close(): void;
}

export function watchLimits(
  deps: Deps,
  watched: { run: RunRow; waitingForPerson: () => boolean; stop: (reason: StopReason) => void },
): LimitWatch {
  const silenceMs = deps.settings.get('silence_minutes') * MINUTE_MS;
  let lastSeenMs = deps.clock.monotonicMs();
  const minutes = watched.run.max_duration_minutes;
  const cancelTime = minutes === null ? () => {} : deps.clock.after(minutes * MINUTE_MS, () => watched.stop('time'));
  let cancelSilence = deps.clock.after(silenceMs, checkSilence);

  function checkSilence(): void {
    // A model call in flight has time limits of its own; a person may take their time.
    if (watched.waitingForPerson() || deps.gateway.callsInFlight(watched.run.id) > 0) lastSeenMs = deps.clock.monotonicMs();
    const leftMs = lastSeenMs + silenceMs - deps.clock.monotonicMs();
    if (leftMs <= 0) watched.stop('silent');
    else cancelSilence = deps.clock.after(leftMs, checkSilence);
  }

  return {
    seen() {
      lastSeenMs = deps.clock.monotonicMs();
    },
    close() {
      cancelTime();
      cancelSilence();
    },
  };
}
