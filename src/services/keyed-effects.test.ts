import { expect, test } from 'vitest';
import { openTemporary, withProject, withRun } from '../adapters/store/sqlite/opened.fixture.ts';
import { newId, runRow } from '../adapters/store/sqlite/rows.fixture.ts';
import type { CallContext, Handlers } from '../contract/handlers.ts';
import { answerAgain, markingStore } from './keyed-effects.ts';

test('what a request makes is noted with its key, in the same transaction', async () => {
  const store = await openTemporary();
  const project = await withProject(store);
  const made = async (key: string) => (await store.idempotent(key))?.made ?? null;

  const row = runRow(project.id);
  await markingStore(store, 'new', 'print').transaction((tx) => tx.insertRun(row));
  expect(await made('new')).toEqual({ run_id: row.id });

  const run = await withRun(store, project.id, { status: 'review' });
  const comment = {
    id: newId(),
    run_id: run.id,
    path: 'a.txt',
    side: 'new' as const,
    line: 1,
    line_text: 'a',
    body: 'why?',
    state: 'open' as const,
    by: 'cli',
    commit: null,
    created_at: run.created_at,
    updated_at: run.created_at,
    sent_at: null,
  };
  await markingStore(store, 'comment', 'print').transaction((tx) => tx.insertReviewComment(comment));
  expect(await made('comment')).toEqual({ run_id: run.id, comment_id: comment.id });

  // A change that a second request would find done is no reason for a note; one that was refused is none either.
  await markingStore(store, 'move', 'print').transaction((tx) => tx.updateRun(run.id, { status: 'completed' }));
  await markingStore(store, 'late', 'print').transaction((tx) => tx.updateRun(run.id, { status: 'pending' }, { status: 'review' }));
  expect([await made('move'), await made('late')]).toEqual([null, null]);
  await markingStore(store, 'queue', 'print').transaction((tx) => tx.updateRun(run.id, { status: 'pending' }));
  expect(await made('queue')).toEqual({ run_id: run.id });

  const lost = markingStore(store, 'lost', 'print').transaction(async (tx) => {
    await tx.insertRun(runRow(project.id));
    throw new Error('taken back');
  });
  await expect(lost).rejects.toThrow('taken back');
  expect(await made('lost')).toBeNull();
});

test('an answer that cannot be made again is refused, not invented', async () => {
  const handlers = { 'runs.follow_ups': async () => ({ items: [] }) } as unknown as Handlers;
  const context = {} as CallContext;
  for (const name of ['runs.send', 'runs.send_comments'] as const)
    await expect(answerAgain(handlers, name, { run_id: 'run' }, context)).rejects.toMatchObject({ code: 'idempotency_unanswered' });
});
