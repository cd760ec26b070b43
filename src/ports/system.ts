/** Time, randomness and the environment: the only doors to them. */

export interface Clock {
  /** Wall clock, epoch milliseconds: for records that people read. */
  nowMs(): number;
  /** Monotonic milliseconds: for every lease, timeout and measurement. Goes on during a clock jump, does not go back. */
  monotonicMs(): number;
  /** Calls back once. The returned function cancels. Timers never keep the process alive by themselves. */
  after(delayMs: number, callback: () => void): () => void;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** 32 hex digits from 122 random bits: id of a run, project, attempt. */
  id(): string;
  /** RFC 9562 version 4 with dashes: id of an agent session. */
  uuid(): string;
  /** 43 URL-safe characters from 256 random bits. */
  token(): string;
  /** In [0, 1). */
  fraction(): number;
}

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * A named place at which a test driver kills the process or injects an error. In production it does nothing.
 * Every await of a service that crosses a boundary carries one; `test/faults` visits them all.
 */
export type FaultPoint = (name: string) => Promise<void>;
