/** Keeps memory and process caps where there is no control group: looks at the processes every half second. */
import type { Caps } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import type { ProcessFacts } from './process-table.ts';

const LOOK_EVERY_MS = 500;

export function watchProcesses(
  caps: Caps,
  processes: () => Promise<ProcessFacts[]>,
  clock: Clock,
  onExceeded: (cap: 'memory' | 'pids') => void,
): { stop(): void } {
  let stopped = false;
  const watch = async (): Promise<void> => {
    while (!stopped) {
      await clock.sleep(LOOK_EVERY_MS);
      if (stopped) return;
      const cap = capExceeded(caps, await processes());
      if (cap !== null && !stopped) onExceeded(cap);
    }
  };
  watch().catch(() => {
    // /proc could not be read: without it nothing can be watched, and nothing was promised beyond it.
    stopped = true;
  });
  return {
    stop: () => {
      stopped = true;
    },
  };
}

export function capExceeded(caps: Caps, processes: readonly ProcessFacts[]): 'memory' | 'pids' | null {
  const bytes = processes.reduce((sum, facts) => sum + facts.privateBytes, 0);
  const threads = processes.reduce((sum, facts) => sum + facts.threads, 0);
  if (caps.memoryBytes !== null && bytes > caps.memoryBytes) return 'memory';
  // The limit of the kernel refuses the next one, so the count never goes above it.
  return caps.pids !== null && threads >= caps.pids ? 'pids' : null;
}
