import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database as RawDatabase } from 'better-sqlite3';
import type { StoreWrites, TransactionOptions } from '../../../ports/store.ts';
import { asStoreError, type Retry } from './failures.ts';

/** Calls a function around every method of an object. */
export function around<T extends object>(methods: T, call: (work: () => unknown) => unknown): T {
  const wrapped = Object.entries(methods).map(([name, method]) => [name, (...given: unknown[]) => call(() => method(...given))]);
  return Object.fromEntries(wrapped) as T;
}

export interface Transactions {
  run<T>(work: (tx: StoreWrites) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Resolves when those that wait now have ended; later ones are refused with what `refuse` gives. */
  close(refuse: () => Error): Promise<void>;
}

interface Open {
  open: boolean;
}

/**
 * One transaction at a time on the writing connection; the others wait in order. The work may await: other transactions wait
 * meanwhile, readers do not. It must not start a transaction itself: that is a bug and throws.
 */
export function transactionsOn(raw: RawDatabase, writes: StoreWrites, retry: Retry): Transactions {
  const context = new AsyncLocalStorage<Open>();
  let tail: Promise<unknown> = Promise.resolve();
  let refusal: (() => Error) | null = null;

  async function attempt<T>(work: (tx: StoreWrites) => Promise<T>): Promise<T> {
    await retry(() => void raw.exec('begin immediate'));
    const current: Open = { open: true };
    const { tx, settled } = oneAfterTheOther(writes, current);
    try {
      const result = await context.run(current, () => work(tx));
      await settled();
      current.open = false;
      await retry(() => void raw.exec('commit'));
      return result;
    } catch (error) {
      current.open = false;
      await settled();
      // SQLite has already rolled back by itself after a full disk or a failed read.
      if (raw.inTransaction) raw.exec('rollback');
      throw asStoreError(error, raw.name);
    }
  }

  /** In WAL mode `normal` leaves out only the wait for the disk at the commit; it cannot be changed within a transaction. */
  async function lightly<T>(work: (tx: StoreWrites) => Promise<T>): Promise<T> {
    raw.pragma('synchronous = normal');
    try {
      return await attempt(work);
    } finally {
      raw.pragma('synchronous = full');
    }
  }

  return {
    run(work, options) {
      if (context.getStore()?.open === true) throw new Error('transactions do not nest: use the one that the work was given');
      if (refusal !== null) return Promise.reject(refusal());
      const result = tail.then(() => (options?.survives === 'process' ? lightly(work) : attempt(work)));
      tail = result.catch(() => {
        // The caller has it; the next transaction starts all the same.
      });
      return result;
    },
    async close(refuse) {
      refusal = refuse;
      await tail;
    },
  };
}

/** Calls made without awaiting the one before still run in order; calls after the end are refused. */
function oneAfterTheOther(writes: StoreWrites, current: Open): { tx: StoreWrites; settled: () => Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  const tx = around(writes, (work) => {
    if (!current.open) return Promise.reject(new Error('this transaction has ended'));
    const result = last.then(work);
    last = result.catch(() => {
      // The caller has it; what was called after it runs all the same.
    });
    return result;
  });
  return { tx, settled: () => last.then(() => undefined) };
}
