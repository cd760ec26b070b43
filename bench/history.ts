/** A home with a long history, made by the store itself, in which any number of runs have ended. */
import { openSqliteStore } from '../src/adapters/store/sqlite/open.ts';
import { attemptRow, callRow, projectRow, runRow } from '../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { silentLog } from '../src/adapters/system/log.ts';
import type { RunStatus } from '../src/core/run/status.ts';
import type { Store } from '../src/ports/store.ts';

const STATUSES: RunStatus[] = ['completed', 'completed', 'completed', 'failed', 'cancelled', 'review'];
const PROJECTS = 10;
const AT_ONCE = 1_000;
/** However many runs there are, they fall on the same days, in no order. */
const MINUTES = 70 * 24 * 60;
const STRIDE = 9_973;
const START_MS = Date.parse('2026-01-01T00:00:00Z');

export const openStore = (home: string): Promise<Store> =>
  openSqliteStore({ path: `${home}/gluon.db`, clock: systemClock(), log: silentLog() });

/** One attempt, one model call and two events per run. */
export async function fillHistory(store: Store, from: number, to: number): Promise<void> {
  const projects = Array.from({ length: PROJECTS }, (_, index) =>
    projectRow({ id: index.toString(16).padStart(32, 'f'), name: `history-${index}` }),
  );
  if (from === 0)
    await store.transaction(async (tx) => {
      for (const project of projects) await tx.insertProject(project);
    });
  for (let first = from; first < to; first += AT_ONCE) {
    await store.transaction(async (tx) => {
      for (let index = first; index < Math.min(to, first + AT_ONCE); index += 1) {
        const created_at = new Date(START_MS + ((index * STRIDE) % MINUTES) * 60_000 + (index % 60_000)).toISOString();
        const text = { title: `Run ${index}`, prompt: `Look into number ${index} and mend what is broken there. `.repeat(8) };
        const times = { created_at, queued_at: created_at, started_at: created_at, ended_at: created_at };
        const run = runRow(projects[index % PROJECTS]?.id ?? '', { ...text, ...times, status: STATUSES[index % STATUSES.length] });
        await tx.insertRun(run);
        await tx.insertAttempt(attemptRow(run.id, { state: 'ended', outcome: 'completed', started_at: created_at, ended_at: created_at }));
        await tx.insertModelCall(callRow(run, { at: created_at, model: `model-${index % 4}` }));
        await tx.appendEvent({
          type: 'run.created',
          payload: { project: 'history', branch: null, base_commit: null },
          run_id: run.id,
          actor: 'bench',
        });
        await tx.appendEvent({
          type: 'run.ended',
          payload: { status: run.status, outcome: 'completed', detail: '' },
          run_id: run.id,
          actor: 'bench',
        });
      }
    });
  }
}
