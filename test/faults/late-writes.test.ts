/** Fault 2: an attempt that was taken for lost comes back and wants to write. Its epoch is over: the run stays as it is, an event says so. */
import { expect, test } from 'vitest';
import { openTemporary, withProject, withRun } from '../../src/adapters/store/sqlite/opened.fixture.ts';
import { attemptRow } from '../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { finishAttempt } from '../../src/services/attempt/finish-attempt.ts';
import type { Deps } from '../../src/services/deps.ts';

const END = { outcome: 'completed', detail: 'It says it is done.', exitCode: 0, exitSignal: null, resumable: true, untilMs: null } as const;

async function raced(epochOfTheRun: number) {
  const store = await openTemporary();
  const project = await withProject(store);
  const run = await withRun(store, project.id, { status: 'running', epoch: epochOfTheRun, attempts: epochOfTheRun, cost_usd: 0 });
  const attempts = Array.from({ length: epochOfTheRun }, (_, index) =>
    attemptRow(run.id, { number: index + 1, epoch: index + 1, state: 'live' }),
  );
  await store.transaction(async (tx) => {
    for (const attempt of attempts) await tx.insertAttempt(attempt);
  });
  const deps = {
    store,
    clock: systemClock(),
    fault: async () => {},
    redact: (text: string) => text,
    bus: { publish: () => {}, subscribe: () => () => {} },
    settings: { get: (key: string) => (key === 'notifications' ? [] : 5) },
  } as unknown as Deps;
  const [first] = attempts;
  if (first === undefined) throw new Error('there is an attempt');
  const late = { attempt: first, end: END, stop: null, agentCostUsd: 1, costBefore: 0, recoveryPrompt: null, unheard: null };
  await finishAttempt(deps, late);
  return { store, run, late, deps };
}

test('an end of an older epoch is refused', async () => {
  const { store, run } = await raced(2);
  expect(await store.run(run.id)).toMatchObject({ status: 'running', outcome: null, epoch: 2, agent_cost_usd: null });
  expect((await store.runEvents(run.id, 0, 50)).map((event) => event.type)).toContain('attempt.write_refused');
  expect((await store.attempts(run.id)).map((attempt) => attempt.state)).toEqual(['ended', 'live']);
});

test('control: the same end of the current epoch counts, and counts once', async () => {
  const { store, run, late, deps } = await raced(1);
  expect(await store.run(run.id)).toMatchObject({ status: 'review', outcome: 'completed' });
  const events = (await store.runEvents(run.id, 0, 50)).length;
  await finishAttempt(deps, late);
  expect((await store.runEvents(run.id, 0, 50)).length).toBe(events);
});

test('no field of a run is written under an older epoch', async () => {
  const { store, run } = await raced(2);
  const done = await store.transaction((tx) => tx.updateRun(run.id, { head_commit: 'f'.repeat(40) }, { epoch: 1 }));
  expect(done).toBe(false);
  expect((await store.run(run.id))?.head_commit).toBeNull();
});
