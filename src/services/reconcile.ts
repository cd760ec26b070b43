/** Compares what should be with what is, and repairs: at start for what an earlier server left, and while running. */
import type { AttemptRow, ProjectRow, RunRow } from '../ports/store.ts';
import { LEASE_MS } from './attempt/claim-attempt.ts';
import { openConfinement } from './attempt/confinement.ts';
import { finishAttempt } from './attempt/finish-attempt.ts';
import { importWork } from './attempt/import-work.ts';
import { settleQuestion } from './attempt/questions.ts';
import { unheardBy } from './attempt/unheard.ts';
import { type Deps, iso, now } from './deps.ts';
import { mendLeftovers } from './mend-leftovers.ts';
import { noteProblem } from './problems.ts';
import { unitOfWork } from './unit-of-work.ts';

type ReconcileDeps = Omit<Deps, 'wake'>;

/** At start, before anything is dispatched: nothing lives yet in this process, so every live attempt in the store is lost. */
export async function reconcileAtStart(deps: ReconcileDeps, unheld: Unheld): Promise<void> {
  await mendLeftovers(deps);
  for (const attempt of await deps.store.liveAttempts()) {
    try {
      await deps.fault('reconcile.before-attempt');
      await recoverLost(deps, attempt);
    } catch (error) {
      // One run that cannot be repaired must not keep the others from going on; the next tick tries it again.
      unheld.set(attempt.id, Number.NEGATIVE_INFINITY);
      await noteProblem(deps, 'reconcile', error, attempt.run_id);
    }
  }
  await requeueWithoutAttempt(deps);
  await killOrphans(deps);
}

/** While running: renews the leases of what lives here, and picks up attempts that nobody holds. */
export async function reconcileTick(deps: ReconcileDeps, unheld: Unheld): Promise<void> {
  const attempts = await deps.store.liveAttempts();
  const expires = iso(deps.clock.nowMs() + LEASE_MS);
  for (const attempt of attempts) {
    const live = deps.live.get(attempt.run_id);
    if (live !== undefined && live.attemptId === attempt.id) {
      await deps.store.transaction((tx) => tx.updateAttempt(attempt.id, { lease_expires_at: expires }));
    } else if (live === undefined && isAbandoned(deps, unheld, attempt)) {
      unheld.delete(attempt.id);
      // One that cannot be repaired now must not hold up the others; it is tried again after another lease.
      await recoverLost(deps, attempt).catch((error: unknown) => noteProblem(deps, 'reconcile', error, attempt.run_id));
    }
  }
  for (const id of unheld.keys()) if (!attempts.some((attempt) => attempt.id === id)) unheld.delete(id);
  await requeueWithoutAttempt(deps);
  await killOrphans(deps);
}

/** Attempts that nobody here holds, and since when (monotonic milliseconds): a jump of the wall clock ends no lease. */
export type Unheld = Map<string, number>;

/** An attempt of this server that was claimed a moment ago has no handle yet; one that failed to be written down has none any more. */
const OWN_GRACE_MS = 4_000;

function isAbandoned(deps: ReconcileDeps, unheld: Unheld, attempt: AttemptRow): boolean {
  const nowMs = deps.clock.monotonicMs();
  const sinceMs = unheld.get(attempt.id);
  if (sinceMs === undefined) {
    unheld.set(attempt.id, nowMs);
    return false;
  }
  return nowMs - sinceMs >= (attempt.worker_id === deps.workerId ? OWN_GRACE_MS : LEASE_MS);
}

async function recoverLost(deps: ReconcileDeps, attempt: AttemptRow): Promise<void> {
  const run = await deps.store.run(attempt.run_id);
  if (run === null) return;
  const killed = await deps.sandbox.reap({ pid: attempt.pid, pidStarted: attempt.pid_started, cgroup: attempt.cgroup, runId: run.id });
  const transcript = await deps.transcripts.repair(run.id);
  if (transcript.lost)
    await unitOfWork(deps, (unit) => unit.record('transcript.lost', { why: 'the file was not there' }, { runId: run.id, actor: 'gluon' }));
  const project = await deps.store.project(run.project_id);
  if (project !== null) {
    deps.held.add(run.id);
    await salvage(deps, run, project).finally(() => deps.held.delete(run.id));
  }
  for (const question of (await deps.store.questionsOfRun(run.id)).filter((one) => one.state === 'open')) {
    await settleQuestion(deps, question, { state: 'parked', answers: null, by: null });
  }
  await deps.fault('reconcile.before-finish');
  await finishAttempt(deps, {
    attempt,
    end: {
      outcome: 'lost',
      detail: killed > 0 ? `Gluon lost the attempt; ${killed} left-over processes were ended.` : 'Gluon lost the attempt.',
      exitCode: null,
      exitSignal: null,
      // A resume had a session to begin with.
      resumable: attempt.resumable || attempt.kind === 'resume',
      untilMs: null,
    },
    stop: null,
    agentCostUsd: null,
    costBefore: null,
    recoveryPrompt: null,
    unheard: await unheardBy(deps, attempt),
  });
  await unitOfWork(deps, (unit) =>
    unit.record('reconcile.repaired', { what: `attempt ${attempt.number} was lost` }, { runId: run.id, actor: 'gluon' }),
  );
}

/** Brings home what the lost attempt had done, uncommitted work included. */
async function salvage(deps: ReconcileDeps, run: RunRow, project: ProjectRow): Promise<void> {
  if (!run.use_worktree || run.worktree_path === null || run.base_commit === null) return;
  if (!(await deps.home.exists(run.worktree_path)) || !(await deps.home.exists(project.path))) return;
  try {
    const file = run.config_commit === null ? null : await deps.git.projectFile(project.path, run.config_commit);
    const copy = await deps.git.describeWorkingCopy(project.path, run.worktree_path);
    const confinement = await openConfinement(deps, {
      run,
      workingCopy: run.worktree_path,
      borrowedObjects: copy.borrowedObjects,
      file,
      agent: null,
      egress: null,
    });
    try {
      await importWork(deps, { run, project, file, workingCopy: run.worktree_path, confinement, leftovers: true });
    } finally {
      await confinement.close();
    }
  } catch (error) {
    // The working copy stays as it is; the resumed attempt finds everything there.
    await noteProblem(deps, 'salvage', error, run.id);
  }
}

/** A run that is `running` with no live attempt in the store: a crash fell between two writes that are one today, or a bug. */
async function requeueWithoutAttempt(deps: ReconcileDeps): Promise<void> {
  const running = await deps.store.runsInState(['running']);
  if (running.length === 0) return;
  const held = new Set((await deps.store.liveAttempts()).map((attempt) => attempt.run_id));
  for (const run of running.filter((one) => !held.has(one.id) && deps.live.get(one.id) === undefined)) {
    await unitOfWork(deps, async (unit) => {
      const done = await unit.updateRun(
        run.id,
        { status: 'review', outcome: 'lost', outcome_detail: 'Gluon lost the attempt.', waiting: null, ended_at: now(deps) },
        { status: 'running', epoch: run.epoch },
      );
      if (done)
        await unit.record('reconcile.repaired', { what: 'a run was running without an attempt' }, { runId: run.id, actor: 'gluon' });
    });
  }
}

async function killOrphans(deps: ReconcileDeps): Promise<void> {
  // Our own git works in the working copies of runs that are held, with the same marks.
  const orphans = await deps.sandbox.orphans(new Set([...deps.live.all().map((attempt) => attempt.runId), ...deps.held]));
  for (const runId of new Set(orphans.map((orphan) => orphan.runId))) {
    const killed = await deps.sandbox.reap({ pid: null, pidStarted: null, cgroup: null, runId });
    const known = (await deps.store.run(runId)) !== null;
    await unitOfWork(deps, (unit) =>
      unit.record(
        'reconcile.repaired',
        { what: `${killed} processes of an ended attempt were ended` },
        { ...(known ? { runId } : {}), actor: 'gluon' },
      ),
    );
  }
}
