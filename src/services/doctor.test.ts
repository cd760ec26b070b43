import { describe, expect, it } from 'vitest';
import { openTemporary, withProject, withRun } from '../adapters/store/sqlite/opened.fixture.ts';
import { attemptRow } from '../adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { silentLog } from '../adapters/system/log.ts';
import type { DoctorFinding } from '../contract/resources.ts';
import type { Store } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { examine } from './doctor.ts';
import { liveAttempts } from './live-attempts.ts';

const MINUTE = 60_000;

/** A store, the attempts that live here and a sandbox with left-over processes; everything else breaks, which is part of the test. */
async function world() {
  const store = await openTemporary();
  const real = systemClock();
  const state = { offsetMs: 0, orphans: [] as { pid: number; runId: string }[], probe: async (): Promise<DoctorFinding[]> => [] };
  const clock = { ...real, nowMs: () => real.nowMs() + state.offsetMs };
  const live = liveAttempts();
  const sandbox = {
    orphans: async () => state.orphans,
    reap: async ({ runId }: { runId: string }) => {
      const before = state.orphans.length;
      state.orphans = state.orphans.filter((orphan) => orphan.runId !== runId);
      return before - state.orphans.length;
    },
    probe: () => state.probe(),
  };
  const bus = { publish: () => {}, subscribe: () => () => {} };
  const parts = {
    store,
    clock,
    live,
    sandbox,
    bus,
    log: silentLog(),
    redact: (text: string) => text,
    settings: { get: () => [] },
    held: new Set(),
    workerId: 'worker',
  };
  const deps = { ...parts, agents: new Map() } as unknown as Deps;
  const project = await withProject(store);
  const run = await withRun(store, project.id, { status: 'running', epoch: 1, pending_questions: 0 });
  const report = async (fix = false) => {
    const { findings } = await examine(deps, fix);
    return new Map(findings.map((finding) => [finding.id, finding]));
  };
  return { store, clock, live, deps, run, state, report };
}

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

async function attempt(store: Store, runId: string, leaseMs: number) {
  const row = attemptRow(runId, { lease_expires_at: ago(leaseMs), started_at: ago(10 * MINUTE) });
  await store.transaction((tx) => tx.insertAttempt(row));
  return row;
}

async function openQuestion(store: Store, runId: string, attemptId: string, expiredMs: number) {
  const times = { asked_at: ago(20 * MINUTE), expires_at: ago(expiredMs), answered_at: null };
  const row = {
    id: 'question-1',
    run_id: runId,
    attempt_id: attemptId,
    request_id: 'r',
    items: [],
    answers: null,
    answered_by: null,
    ...times,
  };
  await store.transaction((tx) => tx.insertQuestion({ ...row, state: 'open' }));
  await store.transaction((tx) => tx.updateRun(runId, { pending_questions: 1 }));
}

const handle = (runId: string, attemptId: string) => ({ runId, attemptId, epoch: 1 }) as never;

describe('the doctor among the runs', () => {
  it('finds nothing where everything is as it should be', async () => {
    const { store, run, live, report } = await world();
    const { id } = await attempt(store, run.id, -MINUTE);
    live.add(handle(run.id, id));
    await openQuestion(store, run.id, id, -MINUTE);
    const found = await report();
    for (const check of ['attempts', 'leases', 'orphans', 'questions', 'clock'])
      expect(found.get(check)).toMatchObject({ status: 'pass', fix: null });
  });

  it('renews the lease of an attempt that is at work here', async () => {
    const { store, run, live, report } = await world();
    const { id } = await attempt(store, run.id, MINUTE);
    live.add(handle(run.id, id));
    expect((await report()).get('leases')).toMatchObject({ status: 'warn', fixable: true });
    expect((await report(true)).get('leases')).toMatchObject({ status: 'pass' });
    expect(Date.parse((await store.attempt(id))?.lease_expires_at ?? '')).toBeGreaterThan(Date.now());
  });

  it('names lost attempts and leaves them to Gluon, which knows when to take them up', async () => {
    const { store, run, report } = await world();
    const { id } = await attempt(store, run.id, MINUTE);
    for (const fix of [false, true]) {
      const found = await report(fix);
      for (const check of ['attempts', 'leases']) {
        expect(found.get(check)).toMatchObject({ status: 'warn', fixable: false, fix: expect.stringContaining('by itself') });
        expect(found.get(check)?.detail).toContain(run.id);
      }
    }
    expect(await store.attempt(id)).toMatchObject({ state: 'live' });
  });

  it('takes an attempt that was claimed a moment ago for what it is', async () => {
    const { store, run, report } = await world();
    await store.transaction((tx) => tx.insertAttempt(attemptRow(run.id, { started_at: ago(1_000), lease_expires_at: ago(-MINUTE) })));
    expect((await report()).get('attempts')).toMatchObject({ status: 'pass' });
  });

  it('ends left-over processes', async () => {
    const { run, state, report } = await world();
    state.orphans = [1, 2, 3, 4, 5, 6].map((pid) => ({ pid, runId: run.id }));
    expect((await report()).get('orphans')).toMatchObject({ status: 'warn', fixable: true, detail: '6: 1, 2, 3, 4, 5 and 1 more' });
    expect((await report(true)).get('orphans')).toMatchObject({ status: 'pass' });
    expect(state.orphans).toEqual([]);
  });

  it('parks an expired question that nobody waits for, so that it can still be answered', async () => {
    const { store, run, report } = await world();
    await openQuestion(store, run.id, (await attempt(store, run.id, -MINUTE)).id, MINUTE);
    expect((await report()).get('questions')).toMatchObject({
      status: 'warn',
      fixable: true,
      detail: expect.stringContaining('question-1'),
    });
    expect((await report(true)).get('questions')).toMatchObject({ status: 'pass' });
    expect(await store.question('question-1')).toMatchObject({ state: 'parked' });
    expect(await store.run(run.id)).toMatchObject({ pending_questions: 0 });
  });

  it('leaves an expired question alone whose agent waits here', async () => {
    const { store, run, live, report } = await world();
    const { id } = await attempt(store, run.id, -MINUTE);
    live.add(handle(run.id, id));
    await openQuestion(store, run.id, id, MINUTE);
    expect((await report(true)).get('questions')).toMatchObject({
      status: 'warn',
      fixable: false,
      fix: expect.stringContaining('gluon answer'),
    });
    expect(await store.question('question-1')).toMatchObject({ state: 'open' });
  });

  it('notices a clock that went back', async () => {
    const { store, run, state, report } = await world();
    await store.transaction((tx) =>
      tx.appendEvent({ type: 'question.parked', payload: { question: 'q' }, run_id: run.id, actor: 'gluon' }),
    );
    expect((await report()).get('clock')).toMatchObject({ status: 'pass' });
    state.offsetMs = -2 * 60 * MINUTE;
    expect((await report()).get('clock')).toMatchObject({ status: 'warn', detail: expect.stringMatching(/went back by 7(199|200) s/) });
    state.offsetMs = -20 * 365 * 24 * 60 * MINUTE;
    expect((await report()).get('clock')).toMatchObject({ status: 'fail' });
  });

  it('gives a fix with every finding, also with those of checks that break', async () => {
    const { state, report } = await world();
    state.probe = () => Promise.reject(new Error('no walls'));
    const found = [...(await report()).values()];
    expect(found.filter(({ status }) => status === 'fail').length).toBeGreaterThan(3);
    for (const { status, fix } of found) expect(fix === null).toBe(status === 'pass');
    expect(found.find(({ id }) => id === 'sandbox')).toMatchObject({ status: 'fail', detail: 'no walls' });
  });
});
