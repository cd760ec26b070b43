/**
 * A request with an Idempotency-Key writes the key together with what it makes, in one transaction: were the server killed before the
 * answer is kept, the same request finds what was made and makes nothing more.
 */
import { GluonError } from '../contract/errors.ts';
import type { CallContext, Handlers } from '../contract/handlers.ts';
import type { OperationName } from '../contract/operations.ts';
import type { Made, Store, StoreWrites } from '../ports/store.ts';

/**
 * The store of one request. Marked is what a second request would make again: a run, a message, a comment, another attempt of a run. All other
 * effects are guarded by the state that they begin from, and may be asked for twice.
 */
export function markingStore(store: Store, key: string, fingerprint: string): Store {
  return {
    ...store,
    transaction: (work, options) => store.transaction((tx) => work(marking(tx, (made) => tx.markMade(key, fingerprint, made))), options),
  };
}

function marking(tx: StoreWrites, mark: (made: Made) => Promise<void>): StoreWrites {
  return {
    ...tx,
    async insertRun(row) {
      await tx.insertRun(row);
      await mark({ run_id: row.id });
    },
    async insertFollowUp(row) {
      await tx.insertFollowUp(row);
      await mark({ run_id: row.run_id, follow_up_id: row.id });
    },
    async insertReviewComment(row) {
      await tx.insertReviewComment(row);
      await mark({ run_id: row.run_id, comment_id: row.id });
    },
    async updateRun(id, patch, expect) {
      const done = await tx.updateRun(id, patch, expect);
      if (done && patch.status === 'pending') await mark({ run_id: id });
      return done;
    },
  };
}

const ANSWERED_WITH_THE_RUN: ReadonlySet<OperationName> = new Set(['runs.create', 'runs.fork', 'runs.recover', 'runs.resume', 'runs.move']);

/** The output of a request whose answer was lost, as things are now. Throws `idempotency_unanswered` where it cannot be made again. */
export async function answerAgain(handlers: Handlers, name: OperationName, made: Made, context: CallContext): Promise<object> {
  if (ANSWERED_WITH_THE_RUN.has(name)) return handlers['runs.get']({ run: made.run_id }, context);
  if (name === 'runs.send') {
    const { items } = await handlers['runs.follow_ups']({ run: made.run_id }, context);
    const message = items.find((item) => item.id === made.follow_up_id);
    if (message !== undefined) return message;
  }
  if (name === 'runs.add_comment') {
    const { items } = await handlers['runs.comments']({ run: made.run_id }, context);
    const comment = items.find((item) => item.id === made.comment_id);
    if (comment !== undefined) return comment;
  }
  throw new GluonError('idempotency_unanswered', { run: made.run_id.slice(0, 8) });
}
