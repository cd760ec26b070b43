/** Imports while the agent works: beside the conversation, which does not wait for them, and never two of one attempt at once. */

export interface LiveImports {
  /** Something was committed. One that is asked for while another runs begins after it; several such become one. */
  request(): void;
  /** Returns when none is under way. Throws what one of them threw. */
  settled(): Promise<void>;
}

/** `importNow` brings home what is committed at that moment. */
export function liveImports(importNow: () => Promise<void>): LiveImports {
  let running: Promise<void> | null = null;
  let again = false;
  let failed: { error: unknown } | null = null;

  async function all(): Promise<void> {
    while (again) {
      again = false;
      await importNow();
    }
  }

  return {
    request() {
      again = true;
      running ??= all()
        .catch((error: unknown) => {
          // Kept for whoever waits at the end: the conversation itself can go on.
          failed ??= { error };
        })
        .finally(() => {
          running = null;
        });
    },
    async settled() {
      while (running !== null) await running;
      if (failed !== null) throw failed.error;
    },
  };
}
