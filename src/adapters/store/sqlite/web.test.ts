import { describe, expect, it } from 'vitest';
import type { Store } from '../../../ports/store.ts';
import type { ReviewCommentRow } from '../../../ports/web-store.ts';
import { openTemporary, withProject, withRun } from './opened.fixture.ts';
import { callRow, newId } from './rows.fixture.ts';

const AT = '2026-11-01T10:00:00.000Z';

async function ground(): Promise<{ store: Store; project: string; run: string }> {
  const store = await openTemporary();
  const project = await withProject(store, { name: 'shop' });
  const run = await withRun(store, project.id, { branch_name: 'gluon-task/Cart-1' });
  return { store, project: project.id, run: run.id };
}

describe('facts of runs', () => {
  it('are unread for each person until that person looked, and again after more news', async () => {
    const { store, run } = await ground();
    const unread = async (user: string) => (await store.cardFacts(user, [run]))[0]?.unread ?? null;
    expect(await unread('ann')).toBeNull();
    const news = () =>
      store.transaction(async (tx) => {
        const event = await tx.appendEvent({ type: 'run.archived', payload: {}, run_id: run, actor: 'gluon' });
        await tx.patchRunFacts(run, { noticed_seq: event.seq ?? 0 });
      });
    await news();
    expect([await unread('ann'), await unread('bob')]).toEqual([true, true]);
    await store.transaction((tx) => tx.markRunRead('ann', run));
    expect([await unread('ann'), await unread('bob')]).toEqual([false, true]);
    await news();
    expect(await unread('ann')).toBe(true);
  });

  it('change field by field', async () => {
    const { store, run } = await ground();
    await store.transaction((tx) => tx.patchRunFacts(run, { todos: [{ text: 'a', status: 'pending' }], todos_at: AT }));
    await store.transaction((tx) => tx.patchRunFacts(run, { context_tokens: 5, last_activity: { tool: 'Bash', text: 'ls', at: AT } }));
    await store.transaction((tx) => tx.patchRunFacts(run, { noticed_seq: 3 }));
    expect(await store.runFacts(run)).toEqual({
      run_id: run,
      noticed_seq: 3,
      todos: [{ text: 'a', status: 'pending' }],
      todos_at: AT,
      last_activity: { tool: 'Bash', text: 'ls', at: AT },
      context_tokens: 5,
      context_window: null,
      indexed_seq: 0,
    });
    await store.transaction((tx) => tx.deleteRun(run));
    expect(await store.runFacts(run)).toBeNull();
  });

  it('counts leave archived runs out', async () => {
    const { store, project } = await ground();
    await withRun(store, project, { status: 'review' });
    await withRun(store, project, { status: 'review', archived: true });
    expect(await store.runCounts()).toEqual([
      { project_id: project, status: 'pending', runs: 1 },
      { project_id: project, status: 'review', runs: 1 },
    ]);
    expect(await store.archivedRuns()).toBe(1);
  });
});

describe('questions that can be answered', () => {
  it('are the open ones, and parked ones while their run waits for them', async () => {
    const { store, project } = await ground();
    const waiting = { reason: 'input' as const, detail: 'x', since: AT };
    const parked = await withRun(store, project, { status: 'review', waiting });
    const moved = await withRun(store, project, { status: 'running' });
    const open = await withRun(store, project, { status: 'running', waiting });
    const ask = (run: string, state: 'open' | 'parked' | 'answered') =>
      store.transaction((tx) =>
        tx.insertQuestion({
          id: newId(),
          run_id: run,
          attempt_id: 'a',
          request_id: 'r',
          state,
          items: [{ question: `Which for ${run}?`, header: '', multi_select: false, options: [], free_text: true }],
          answers: null,
          answered_by: null,
          asked_at: AT,
          expires_at: AT,
          answered_at: null,
        }),
      );
    await ask(parked.id, 'parked');
    await ask(moved.id, 'parked');
    await ask(open.id, 'open');
    await ask(open.id, 'answered');
    const found = await store.answerable(null, 10);
    expect(found.map(({ run_id, parked: isParked }) => [run_id, isParked]).sort()).toEqual(
      [
        [parked.id, true],
        [open.id, false],
      ].sort(),
    );
    expect(await store.answerable([open.id], 10)).toMatchObject([{ run_id: open.id, text: `Which for ${open.id}?`, questions: 1 }]);
    expect(await store.answerable([], 10)).toEqual([]);
    expect(await store.runsToAnswer()).toBe(2);
  });
});

describe('notifications', () => {
  it('are bounded, read by each person, and go with their run', async () => {
    const { store, run } = await ground();
    const tell = (text: string, runId: string | null) =>
      store.transaction((tx) => tx.insertNotification({ kind: 'run_review', run_id: runId, text, at: AT }, 3));
    const ids: number[] = [];
    for (const text of ['1', '2', '3', '4', '5']) ids.push(await tell(text, text === '5' ? run : null));
    const page = await store.notifications('ann', false, 2);
    expect(page.items).toMatchObject([
      { text: '5', run_id: run, run_title: 'A title', project: 'shop', read: false },
      { text: '4', run_id: null, project: null },
    ]);
    expect((await store.notifications('ann', false, 2, page.next_cursor ?? '')).items.map((one) => one.text)).toEqual(['3']);
    expect(await store.unreadNotifications('ann')).toBe(3);
    await store.transaction((tx) => tx.readNotifications('ann', [ids[4] ?? 0, 99_999]));
    expect((await store.notifications('ann', true, 10)).items.map((one) => one.text)).toEqual(['4', '3']);
    await store.transaction((tx) => tx.readNotifications('ann', null));
    expect([await store.unreadNotifications('ann'), await store.unreadNotifications('bob')]).toEqual([0, 3]);
    expect((await store.unpushed(AT, 10)).map((one) => one.text)).toEqual(['3', '4', '5']);
    await store.transaction((tx) => tx.markPushed(ids.slice(0, 4)));
    expect((await store.unpushed(AT, 10)).map((one) => one.text)).toEqual(['5']);
    await store.transaction((tx) => tx.deleteRun(run));
    expect(await store.unreadNotifications('bob')).toBe(2);
    expect(await store.integrityProblem()).toBeNull();
  });
});

describe('words of transcripts', () => {
  it('are found by all words, the last as a beginning, newest first, and go with their run', async () => {
    const { store, project, run } = await ground();
    const other = await withRun(store, (await withProject(store)).id);
    const texts = [
      { seq: 1, type: 'user', at: AT, text: 'Fix the café checkout' },
      { seq: 2, type: 'text', at: AT, text: 'The checkout of the cart is "broken" AND slow' },
    ];
    await store.transaction(async (tx) => {
      await tx.indexTexts(run, texts);
      await tx.indexTexts(run, texts);
      await tx.indexTexts(other.id, [{ seq: 1, type: 'text', at: AT, text: 'another checkout' }]);
    });
    const find = async (words: string[], projectId: string | null = null) =>
      (await store.searchTexts(words, projectId, Number.MAX_SAFE_INTEGER, 10)).map((hit) => [hit.run_id === run, hit.seq]);
    expect(await find(['check'])).toEqual([
      [false, 1],
      [true, 2],
      [true, 1],
    ]);
    expect(await find(['check'], project)).toEqual([
      [true, 2],
      [true, 1],
    ]);
    expect(await find(['cafe', 'fix'])).toEqual([[true, 1]]);
    expect(await find(['check', 'fix'])).toEqual([]);
    expect(await find(['AND', '"broken"'])).toEqual([[true, 2]]);
    for (const word of ['"', '*', 'text:checkout', '^', '(', 'NEAR(a b)', "'; drop table runs; --"]) await find([word]);
    await store.transaction((tx) => tx.deleteRun(run));
    expect(await find(['check'])).toEqual([[false, 1]]);
    expect(await store.integrityProblem()).toBeNull();
  });

  it('branches are found by a part', async () => {
    const { store, run } = await ground();
    expect(await store.runsByBranchPart('cart', null, 5)).toEqual([run]);
    expect(await store.runsByBranchPart('%', null, 5)).toEqual([]);
  });
});

describe('comments', () => {
  it('change only while they are open', async () => {
    const { store, run } = await ground();
    const row: ReviewCommentRow = {
      id: newId(),
      run_id: run,
      path: 'a.ts',
      side: 'new',
      line: 3,
      line_text: 'x',
      body: 'Why?',
      state: 'open',
      by: 'ann',
      commit: null,
      created_at: AT,
      updated_at: AT,
      sent_at: null,
    };
    await store.transaction((tx) => tx.insertReviewComment(row));
    const edit = (runId = run) => store.transaction((tx) => tx.editReviewComment(row.id, runId, 'Why not?', AT));
    expect([await edit(), await edit('another')]).toEqual([true, false]);
    expect(await store.transaction((tx) => tx.markCommentsSent(run, [row.id], AT))).toBe(1);
    expect(await store.transaction((tx) => tx.markCommentsSent(run, [row.id], AT))).toBe(0);
    expect(await edit()).toBe(false);
    expect(await store.reviewComments(run)).toEqual([{ ...row, body: 'Why not?', state: 'sent', sent_at: AT }]);
  });
});

describe('series', () => {
  it('add up by day and by time of the run', async () => {
    const store = await openTemporary();
    const project = await withProject(store, { name: 'shop' });
    const run = await withRun(store, project.id);
    const calls = [
      { at: '2026-11-01T10:00:00.000Z', model: 'a', cost_usd: 1 },
      { at: '2026-11-01T10:00:00.999Z', model: 'a', cost_usd: 2 },
      { at: '2026-11-01T10:00:01.000Z', model: 'b', cost_usd: null },
      { at: '2026-11-02T00:00:00.000Z', model: 'b', cost_usd: 4 },
    ];
    await store.transaction(async (tx) => {
      for (const call of calls) await tx.insertModelCall(callRow(run, call));
    });
    expect((await store.usageSeries('model', '2026-11-01', null)).map(({ day, key, cost_usd }) => [day, key, cost_usd])).toEqual([
      ['2026-11-01', 'a', 3],
      ['2026-11-01', 'b', 0],
      ['2026-11-02', 'b', 4],
    ]);
    expect(await store.usageSeries('project', '2026-11-02', project.id)).toMatchObject([
      { day: '2026-11-02', key: 'shop', model_calls: 1 },
    ]);
    expect(await store.usageSeries('model', '2026-11-01', 'another')).toEqual([]);
    expect(await store.usageOfRun(run.id)).toMatchObject([
      { model: 'b', cost_usd: null, model_calls: 2, unpriced_calls: 1 },
      { model: 'a', cost_usd: 3, input_tokens: 200 },
    ]);
    expect(await store.callSpan(run.id)).toEqual({ first: calls[0]?.at, last: calls[3]?.at });
    expect(await store.callSpan('none')).toBeNull();
    const buckets = await store.usageBuckets(run.id, Date.parse(calls[0]?.at ?? ''), 1_000);
    expect(buckets).toMatchObject([
      { bucket: 0, cost_usd: 3, model_calls: 2, tokens: 226 },
      { bucket: 1, cost_usd: 0, model_calls: 1 },
      { bucket: 50_400, cost_usd: 4 },
    ]);
  });
});
