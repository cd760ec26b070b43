/** Work that is asked for often and done seldom: at once the first time, then at most once in its time. Pure but for the timer it is given. */
export class Soon {
  readonly #after: (ms: number, then: () => void) => () => void;
  readonly #waiting = new Map<string, { cancel: () => void; again: (() => void) | null }>();

  constructor(after: (ms: number, then: () => void) => () => void) {
    this.#after = after;
  }

  /** Does it now, or, when it was done less than `withinMs` ago, once at the end of that time. */
  ask(name: string, withinMs: number, work: () => void): void {
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) {
      waiting.again = work;
      return;
    }
    work();
    if (withinMs > 0) this.#wait(name, withinMs);
  }

  /** What waits is not done any more. */
  stop(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #wait(name: string, ms: number): void {
    const entry: { cancel: () => void; again: (() => void) | null } = { cancel: () => {}, again: null };
    this.#waiting.set(name, entry);
    entry.cancel = this.#after(ms, () => {
      this.#waiting.delete(name);
      const { again } = entry;
      if (again === null) return;
      again();
      this.#wait(name, ms);
    });
  }
}
