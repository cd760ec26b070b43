/**
 * Follows one run: every transcript record exactly once and in order, whatever the connection does. The live connection says what is new; records are
 * printed by their number, and a gap is filled by reading the window that is missing.
 */
import type { Question, Run, TranscriptRecord } from '../../contract/resources.ts';
import type { Clock } from '../../ports/system.ts';
import type { Client } from '../client.ts';
import { connectLive, type LiveMessage } from './connection.ts';

export interface RunView {
  record(record: TranscriptRecord): void | Promise<void>;
  /** Partial text of the block that is written right now. `fresh`: the text before it in this block was seen too. */
  delta(delta: { block: string; text: string; fresh: boolean }): void | Promise<void>;
  /** The run as it is now; called on every change. */
  run(run: Run): void;
  /** Questions that wait for an answer, after every change. */
  questions(open: readonly Question[]): void;
}

export interface FollowOptions {
  /** The last record that was seen already. */
  readonly afterSeq: number;
  /** True when following is over; by default when the run neither waits nor runs. */
  readonly until?: (run: Run) => boolean;
}

export interface Following {
  /** The run at its end, or when `stop` was called. Rejects when the server is gone for good. */
  readonly done: Promise<Run>;
  stop(): void;
}

/** A hint may be lost on its way; so seldom is the run read again without one. */
const READ_AGAIN_MS = 30_000;
const WINDOW = 500;

export function isOver(run: Run): boolean {
  return run.status !== 'pending' && run.status !== 'running';
}

export function followRun(client: Client, clock: Clock, first: Run, view: RunView, options: FollowOptions): Following {
  const over = options.until ?? isOver;
  const topic = `run:${first.id}`;
  let run = first;
  let lastSeq = options.afterSeq;
  let finished = false;
  let chain: Promise<void> = Promise.resolve();
  let cancelTimer = (): void => {};
  let disconnect = (): void => {};
  const blocks = new BlockStarts(isOver(first) || first.status === 'pending');
  const { promise: done, resolve, reject } = Promise.withResolvers<Run>();

  const end = (settle: () => void): void => {
    if (finished) return;
    finished = true;
    cancelTimer();
    disconnect();
    settle();
  };
  const fail = (error: unknown): void => end(() => reject(error));
  /** One after the other: records are never printed out of order. */
  const enqueue = (job: () => Promise<void>): void => {
    chain = chain.then(() => (finished ? undefined : job())).catch(fail);
  };
  const take = async (record: TranscriptRecord): Promise<void> => {
    if (record.seq <= lastSeq) return;
    if (record.seq > lastSeq + 1) await catchUp();
    if (record.seq !== lastSeq + 1) return;
    lastSeq = record.seq;
    await view.record(record);
  };
  const catchUp = async (): Promise<void> => {
    for (let more = true; more && !finished; ) {
      const window = await client.call('runs.messages', { run: run.id, after: lastSeq, limit: WINDOW });
      for (const record of window.items) {
        if (record.seq <= lastSeq) continue;
        lastSeq = record.seq;
        await view.record(record);
      }
      more = window.items.length > 0 && lastSeq < window.last_seq;
    }
  };
  const see = (changed: Run): void => {
    run = changed;
    view.run(run);
    if (over(run)) enqueue(finish);
  };
  /** The records of the end are read once more: the state may have been heard of before them. */
  const finish = async (): Promise<void> => {
    await catchUp();
    end(() => resolve(run));
  };
  const readQuestions = async (): Promise<void> => {
    const { items } = await client.call('runs.questions', { run: run.id });
    view.questions(items.filter((question) => question.state === 'open' || question.state === 'parked'));
  };
  const sync = async (): Promise<void> => {
    run = await client.call('runs.get', { run: run.id });
    view.run(run);
    await catchUp();
    if (over(run)) return finish();
    await readQuestions();
  };
  const onMessage = (message: LiveMessage): void => {
    if (finished) return;
    const data = message.data as Record<string, unknown>;
    switch (message.type) {
      case 'message':
        blocks.recordSeen();
        enqueue(() => take(message.data as TranscriptRecord));
        return;
      case 'message_delta': {
        const block = String(data.block);
        const delta = { block, text: String(data.text), fresh: blocks.isFresh(block) };
        enqueue(async () => view.delta(delta));
        return;
      }
      case 'run_updated':
      case 'token_update':
        see({ ...run, ...data });
        return;
      case 'pending_questions':
      case 'question_answered':
      case 'questions_expired':
        // Beside the queue: a view that waits for a person's answer must hear that somebody else gave one.
        void readQuestions().catch(fail);
        return;
      case 'run_removed':
        end(() => resolve(run));
        return;
      default:
        return;
    }
  };
  const readAgain = (): void => {
    cancelTimer = clock.after(READ_AGAIN_MS, () => {
      enqueue(sync);
      readAgain();
    });
  };
  readAgain();
  disconnect = connectLive(client, clock, [topic], {
    onMessage,
    onSync: () => {
      blocks.subscribed();
      enqueue(sync);
    },
    onFailure: fail,
  });
  return { done, stop: () => end(() => resolve(run)) };
}

/** Knows which blocks of partial text were heard from their beginning: only those can be shown as they grow. */
class BlockStarts {
  #nextIsFresh: boolean;
  #fresh: string | null = null;
  #stale: string | null = null;
  #subscribedBefore = false;

  constructor(nothingWrittenYet: boolean) {
    this.#nextIsFresh = nothingWrittenYet;
  }

  /** A whole record came: the next block is new. */
  recordSeen(): void {
    this.#nextIsFresh = true;
  }

  /** Called at every (re)subscription; at the first one nothing can have been missed of a run that had not begun. */
  subscribed(): void {
    if (this.#subscribedBefore) {
      this.#stale = this.#fresh;
      this.#fresh = null;
      this.#nextIsFresh = false;
    }
    this.#subscribedBefore = true;
  }

  isFresh(block: string): boolean {
    if (block === this.#fresh) return true;
    if (block === this.#stale || !this.#nextIsFresh) return false;
    this.#fresh = block;
    this.#nextIsFresh = false;
    return true;
  }
}
