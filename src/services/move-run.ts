/** Moves by people: between columns, cancel, interrupt, archive. */
import { GluonError } from '../contract/errors.ts';
import { CONTINUE_PROMPT, PLAN_APPROVED_PROMPT } from '../core/run/prompts.ts';
import { decideMove, type RunStatus } from '../core/run/status.ts';
import type { RunRow } from '../ports/store.ts';
import { type Deps, now } from './deps.ts';
import { findRun } from './find.ts';
import { queueRun } from './resume-run.ts';
import { checkAgent } from './submit-run.ts';
import { unitOfWork } from './unit-of-work.ts';

/** Throws `move_illegal` with the sentence that says why, `run_changed` when somebody else was faster. */
export async function moveRun(deps: Deps, ref: string, to: RunStatus, actor: string, expected?: RunStatus): Promise<void> {
  const run = await findRun(deps.store, ref);
  if (expected !== undefined && run.status !== expected) throw changed(run);
  const decision = decideMove(run.status, to);
  if (decision.kind === 'refused') throw new GluonError('move_illegal', { why: decision.sentence });
  if (decision.requeue) return requeue(deps, run, actor);
  if (to === 'cancelled') return cancelRun(deps, run, actor);
  await unitOfWork(deps, async (unit) => {
    const at = now(deps);
    if (
      !(await unit.updateRun(run.id, { status: to, waiting: null, ended_at: run.ended_at ?? at }, { status: run.status, epoch: run.epoch }))
    )
      throw changed(run);
    await unit.record('run.moved', { from: run.status, to }, { runId: run.id, actor });
  });
}

/** Stops a run; what it did is kept. A run that ended already is refused as any illegal move is. */
export async function cancelRun(deps: Deps, run: RunRow, actor: string): Promise<void> {
  const decision = decideMove(run.status, 'cancelled');
  if (decision.kind === 'refused') throw new GluonError('move_illegal', { why: decision.sentence });
  if (run.status === 'running') {
    await unitOfWork(deps, async (unit) => {
      // Durable before anything is stopped: a crash meanwhile must not bring the run back.
      if (!(await unit.updateRun(run.id, { cancel_requested: true }, { status: 'running', epoch: run.epoch }))) throw changed(run);
      await unit.record('run.cancelled', { from: 'running' }, { runId: run.id, actor });
    });
    const live = deps.live.get(run.id);
    if (live !== undefined) {
      await deps.fault('cancel.before-stop');
      await live.stop('cancel');
      return finishCancel(deps, run.id, actor);
    }
  }
  await unitOfWork(deps, async (unit) => {
    const at = now(deps);
    const done = await unit.updateRun(
      run.id,
      { status: 'cancelled', waiting: null, next_attempt: null, cancel_requested: false, ended_at: run.ended_at ?? at },
      { status: ['pending', 'review', 'running'], epoch: run.epoch },
    );
    if (!done) throw changed(run);
    if (run.status !== 'running') await unit.record('run.cancelled', { from: run.status }, { runId: run.id, actor });
  });
}

/** The attempt may have ended by itself a moment before: cancelled it is all the same, because that is what the person wants. */
async function finishCancel(deps: Deps, id: string, actor: string): Promise<void> {
  const run = await deps.store.run(id);
  if (run !== null && (run.status === 'review' || run.status === 'pending')) await cancelRun(deps, run, actor);
}

export async function interruptRun(deps: Deps, ref: string): Promise<void> {
  const run = await findRun(deps.store, ref);
  const live = deps.live.get(run.id);
  if (run.status !== 'running' || live === undefined) throw new GluonError('run_not_live', { run: run.id.slice(0, 8) });
  await live.stop('interrupt');
}

/** Really queues the run again: its session goes on when there is one, else it starts from its prompt. */
async function requeue(deps: Deps, run: RunRow, actor: string): Promise<void> {
  await checkAgent(deps, run);
  const resume = run.session_id !== null;
  const planned = run.plan_first && run.attempts > 0 && run.outcome === 'completed';
  await unitOfWork(deps, async (unit) => {
    const done = await queueRun(
      unit,
      run,
      {
        kind: resume ? 'resume' : 'start',
        prompt: resume ? (planned ? PLAN_APPROVED_PROMPT : CONTINUE_PROMPT) : run.prompt,
        images: resume ? [] : run.images,
        resume,
        notBefore: null,
        waiting: null,
        by: actor,
        automatic: false,
        why: 'A person queued the run again.',
        at: now(deps),
      },
      { maxAutoResumes: 0 },
      { status: run.status },
    );
    if (!done) throw changed(run);
    if (planned) await unit.updateRun(run.id, { plan_first: false });
    await unit.record('run.moved', { from: run.status, to: 'pending' }, { runId: run.id, actor });
  });
  deps.wake();
}

export async function archiveRun(deps: Deps, ref: string, archived: boolean, actor: string): Promise<void> {
  const run = await findRun(deps.store, ref);
  if (archived && (run.status === 'running' || run.status === 'pending')) throw new GluonError('run_live', { run: run.id.slice(0, 8) });
  if (run.archived === archived) return;
  await unitOfWork(deps, async (unit) => {
    if (!(await unit.updateRun(run.id, { archived }, { status: run.status, epoch: run.epoch }))) throw changed(run);
    await unit.record(archived ? 'run.archived' : 'run.unarchived', {}, { runId: run.id, actor });
  });
}

export function changed(run: RunRow): GluonError {
  return new GluonError('run_changed', { run: run.id.slice(0, 8), status: run.status });
}
