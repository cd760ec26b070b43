/** What the server has opened so far; closed in the opposite order, when it ends and when its start comes to nothing. */
import type { Log } from '../ports/system.ts';

export interface OpenedThings {
  add(close: () => Promise<void>): void;
  /** Never throws: one that cannot be closed keeps none of the others open, and is told. */
  closeAll(log: Log): Promise<void>;
}

export function openedThings(): OpenedThings {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close) => void closers.push(close),
    async closeAll(log) {
      for (let close = closers.pop(); close !== undefined; close = closers.pop())
        await close().catch((error: unknown) => log.error({ err: error }, 'not everything could be closed'));
    },
  };
}
