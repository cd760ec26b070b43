/** A mutation that is sent twice with one Idempotency-Key happens once. */
import { createHash } from 'node:crypto';
import { GluonError } from '../contract/errors.ts';
import type { CallContext, Handlers } from '../contract/handlers.ts';
import type { OperationName } from '../contract/operations.ts';
import type { KeyedRequest, Made } from '../ports/store.ts';
import type { Log } from '../ports/system.ts';

export interface IdempotencyStore {
  find(key: string): Promise<KeyedRequest | null>;
  save(key: string, fingerprint: string, status: number, body: string): Promise<void>;
  /** Handlers that note the key together with what they make. */
  handlers(key: string, fingerprint: string): Handlers;
  /** The output for a request that made something and whose answer was lost. */
  again(operation: OperationName, made: Made, context: CallContext): Promise<object>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What makes two requests the same: operation and parsed input. */
export function fingerprintOf(operation: string, input: object): string {
  return createHash('sha256')
    .update(`${operation}\n${JSON.stringify(input)}`)
    .digest('hex');
}

/** Throws `bad_request` for a key that is none; undefined when there is no header. */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,200}$/.test(header)) return header;
  throw new GluonError('bad_request', { why: 'Idempotency-Key: 1 to 200 visible ASCII characters' });
}

export interface KeyedWork {
  work(): Promise<Answer>;
  /** Answers without making anything once more. */
  again(made: Made): Promise<Answer>;
}

/**
 * Only answers of success are kept: a refused request changed nothing, so the same key may try again. One that failed, or was killed,
 * after it had made something finds that again. A request that comes while the first of its key is at work waits for it and shares its
 * end.
 */
export class IdempotentAnswers {
  readonly #store: IdempotencyStore;
  readonly #log: Log;
  readonly #atWork = new Map<string, { fingerprint: string; answer: Promise<Answer> }>();

  constructor(store: IdempotencyStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  async answer(key: string, fingerprint: string, work: KeyedWork): Promise<Answer & { replayed: boolean }> {
    const running = this.#atWork.get(key);
    if (running !== undefined) {
      if (running.fingerprint !== fingerprint) throw new GluonError('idempotency_conflict');
      return { ...(await running.answer), replayed: true };
    }
    let replayed = false;
    const answer = this.#first(key, fingerprint, work, () => {
      replayed = true;
    });
    this.#atWork.set(key, { fingerprint, answer });
    try {
      const result = await answer;
      return { ...result, replayed };
    } finally {
      this.#atWork.delete(key);
    }
  }

  async #first(key: string, fingerprint: string, { work, again }: KeyedWork, onReplay: () => void): Promise<Answer> {
    const known = await this.#store.find(key);
    if (known !== null && known.fingerprint !== fingerprint) throw new GluonError('idempotency_conflict');
    if (known !== null) onReplay();
    if (known?.answer) return known.answer;
    const answer = known?.made ? await again(known.made) : await work();
    try {
      await this.#store.save(key, fingerprint, answer.status, answer.body);
    } catch (error) {
      // The work is done: to answer with a failure now would make the client do it again.
      this.#log.warn({ error }, 'the answer to an Idempotency-Key could not be stored');
    }
    return answer;
  }
}
