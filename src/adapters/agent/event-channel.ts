/** A queue between one producer and one consumer, that lets the producer know when the consumer is behind. */

export interface EventChannel<T> extends AsyncIterable<T> {
  push(item: T): void;
  end(): void;
  /** Resolves while fewer than `highWater` items wait, or the channel has ended. */
  ready(): Promise<void>;
  /** From now on nobody is held back: the producer is to end, whether or not somebody still reads. */
  release(): void;
}

/** Enough that a consumer which writes to disk never idles, small enough that a flood stays in the pipe. */
const HIGH_WATER = 1_000;

/** After `end`, what waits is still given out; later pushes are dropped. One iteration at a time. */
export function eventChannel<T>(highWater: number = HIGH_WATER): EventChannel<T> {
  const waiting: T[] = [];
  let ended = false;
  let released = false;
  let wakeConsumer: (() => void) | null = null;
  let wakeProducers: (() => void)[] = [];

  const releaseProducers = (): void => {
    const all = wakeProducers;
    wakeProducers = [];
    for (const wake of all) wake();
  };
  const wake = (): void => {
    wakeConsumer?.();
    wakeConsumer = null;
  };

  async function* items(): AsyncGenerator<T> {
    try {
      for (;;) {
        const batch = waiting.splice(0, waiting.length);
        if (batch.length > 0) releaseProducers();
        yield* batch;
        if (waiting.length > 0) continue;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wakeConsumer = resolve;
        });
      }
    } finally {
      // A consumer that leaves early must not hold the producer up for ever.
      ended = true;
      waiting.length = 0;
      releaseProducers();
    }
  }

  return {
    push(item) {
      if (ended) return;
      waiting.push(item);
      wake();
    },
    end() {
      ended = true;
      wake();
      releaseProducers();
    },
    ready() {
      if (ended || released || waiting.length < highWater) return Promise.resolve();
      return new Promise((resolve) => wakeProducers.push(resolve));
    },
    release() {
      released = true;
      releaseProducers();
    },
    [Symbol.asyncIterator]: items,
  };
}
