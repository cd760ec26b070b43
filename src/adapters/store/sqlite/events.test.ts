import { describe, expect, it } from 'vitest';
import { systemClock } from '../../system/clock.ts';
import { openTemporary, withProject, withRun } from './opened.fixture.ts';
import { attemptRow } from './rows.fixture.ts';

describe('events', () => {
  it('are numbered per run without gaps, also when a transaction fails between', async () => {
    const store = await openTemporary();
    const project = await withProject(store);
    const runs = [await withRun(store, project.id), await withRun(store, project.id)];
    const append = (index: number, fail: boolean) =>
      store.transaction(async (tx) => {
        const event = await tx.appendEvent({
          type: 'run.queued',
          payload: { why: `${index}` },
          run_id: runs[index % 2]?.id ?? '',
          actor: 'gluon',
        });
        if (fail) throw new Error('failed');
        return event;
      });
    const all = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => append(index, index % 5 === 4)));
    expect(all.filter((one) => one.status === 'rejected')).toHaveLength(8);
    for (const run of runs) {
      const events = await store.runEvents(run.id, 0, 100);
      expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
      expect((await store.run(run.id))?.seq).toBe(16);
      expect(await store.runEvents(run.id, 14, 1)).toMatchObject([{ seq: 15 }]);
    }
    const ids = (await store.events(0, 100)).map((event) => event.id);
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
    await expect(
      store.transaction((tx) => tx.appendEvent({ type: 'run.archived', payload: {}, run_id: 'missing', actor: 'gluon' })),
    ).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('are found as activity, newest first, by project, type and actor', async () => {
    const store = await openTemporary();
    const project = await withProject(store, { name: 'mine' });
    const run = await withRun(store, project.id);
    await store.transaction(async (tx) => {
      await tx.appendEvent({ type: 'server.started', payload: { version: '1', schema: 1 }, actor: 'gluon' });
      await tx.appendEvent({ type: 'project.added', payload: { project: 'mine', path: '/p' }, actor: 'person' });
      await tx.appendEvent({ type: 'run.archived', payload: {}, run_id: run.id, actor: 'person' });
      await tx.appendEvent({ type: 'run.unarchived', payload: {}, run_id: run.id, actor: 'gluon' });
    });
    const types = async (filter: Parameters<typeof store.activity>[0]) =>
      (await store.activity(filter, 10)).items.map((event) => event.type);
    expect(await types({})).toEqual(['run.unarchived', 'run.archived', 'project.added', 'server.started']);
    expect(await types({ project_id: project.id })).toEqual(['run.unarchived', 'run.archived', 'project.added']);
    expect(await types({ actor: 'person', type: 'run.archived' })).toEqual(['run.archived']);
    const first = await store.activity({}, 3);
    const second = await store.activity({}, 3, first.next_cursor ?? '');
    expect(second).toMatchObject({ items: [{ type: 'server.started' }], next_cursor: null });
  });
});

describe('sessions', () => {
  it('are listed by last use with the number of their attempts', async () => {
    const store = await openTemporary();
    const project = await withProject(store);
    const run = await withRun(store, project.id);
    const at = (minute: number) => `2026-11-01T10:0${minute}:00.000Z`;
    await store.transaction(async (tx) => {
      await tx.insertAttempt(attemptRow(run.id, { number: 1, session_id: 'one', started_at: at(1) }));
      await tx.insertAttempt(attemptRow(run.id, { number: 2, session_id: 'two', started_at: at(2) }));
      await tx.insertAttempt(attemptRow(run.id, { id: 'third', number: 3, session_id: 'one', started_at: at(3) }));
      await tx.updateAttempt('third', {
        state: 'ended',
        ended_at: at(5),
        caps: { by: 'nothing', memory_bytes: null, cpu_cores: null, pids: null, file_bytes: null, disk_bytes: null },
      });
    });
    const page = await store.listSessions(project.id, 1);
    expect(page.items).toMatchObject([{ session_id: 'one', attempts: 2, last_used_at: at(5), title: run.title }]);
    expect((await store.listSessions(undefined, 1, page.next_cursor ?? '')).items).toMatchObject([{ session_id: 'two', attempts: 1 }]);
    expect((await store.liveAttempts()).map((attempt) => attempt.number)).toEqual([1, 2]);
    expect((await store.attempt('third'))?.caps).toMatchObject({ by: 'nothing' });
    await store.transaction((tx) => tx.deleteRun(run.id));
    expect((await store.listSessions(undefined, 10)).items).toEqual([]);
  });
});

describe('old events', () => {
  it('go, the oldest first, in bounded steps; those of runs stay with their runs', async () => {
    let nowMs = Date.parse('2026-11-01T10:00:00Z');
    const store = await openTemporary({ clock: { ...systemClock(), nowMs: () => nowMs } });
    const run = await withRun(store, (await withProject(store)).id);
    const note = (why: string, run_id?: string) =>
      store.transaction((tx) =>
        tx.appendEvent({ type: 'problem.noted', payload: { where: 'here', why }, actor: 'gluon', ...(run_id ? { run_id } : {}) }),
      );
    for (const why of ['one', 'two', 'three']) await note(why);
    await note('of a run', run.id);
    nowMs += 1_000;
    await note('new');
    const prune = () => store.transaction((tx) => tx.pruneEvents('2026-11-01T10:00:01.000Z', 2));
    expect([await prune(), await prune(), await prune()]).toEqual([2, 1, 0]);
    expect((await store.events(0, 10)).map((event) => event.payload.why)).toEqual(['of a run', 'new']);
  });
});

describe('answers to repeated requests', () => {
  it('are kept for 24 hours', async () => {
    let nowMs = Date.parse('2026-11-01T10:00:00Z');
    const store = await openTemporary({ clock: { ...systemClock(), nowMs: () => nowMs } });
    await store.transaction((tx) => tx.saveIdempotent('key', 'print', 201, '{}'));
    nowMs += 24 * 3_600_000 - 1;
    expect(await store.idempotent('key')).toEqual({ fingerprint: 'print', answer: { status: 201, body: '{}' }, made: null });
    nowMs += 1;
    expect(await store.idempotent('key')).toBeNull();
    expect(await store.transaction((tx) => tx.pruneIdempotent(10))).toBe(1);
    nowMs -= 3_600_000;
    expect(await store.idempotent('key')).toBeNull();
  });

  it('remember what was made until there is an answer', async () => {
    const store = await openTemporary();
    await store.transaction(async (tx) => {
      await tx.markMade('key', 'print', { run_id: 'run', follow_up_id: 'message' });
      await tx.markMade('key', 'print', { run_id: 'run' });
    });
    const made = { run_id: 'run', follow_up_id: 'message' };
    expect(await store.idempotent('key')).toEqual({ fingerprint: 'print', answer: null, made });
    await store.transaction((tx) => tx.saveIdempotent('key', 'print', 201, '{}'));
    expect(await store.idempotent('key')).toEqual({ fingerprint: 'print', answer: { status: 201, body: '{}' }, made: null });
  });

  it('go in bounded steps', async () => {
    let nowMs = 0;
    const store = await openTemporary({ clock: { ...systemClock(), nowMs: () => nowMs } });
    await store.transaction(async (tx) => {
      for (const key of ['a', 'b', 'c']) await tx.saveIdempotent(key, 'print', 200, '{}');
    });
    nowMs = 25 * 3_600_000;
    const prune = () => store.transaction((tx) => tx.pruneIdempotent(2));
    expect([await prune(), await prune(), await prune()]).toEqual([2, 1, 0]);
  });
});
