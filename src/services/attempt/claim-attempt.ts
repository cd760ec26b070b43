/** Takes a waiting run for this worker: the new epoch, the lease and the session id are durable before anything starts. */
import type { AttemptRow, NextAttempt, RunRow } from '../../ports/store.ts';
import { type Deps, iso, now } from '../deps.ts';
import { unitOfWork } from '../unit-of-work.ts';

export interface Claim {
  run: RunRow;
  attempt: AttemptRow;
  next: NextAttempt;
  session: { kind: 'start' } | { kind: 'resume' } | { kind: 'fork'; from: string };
}

/** A worker that is silent for so long is taken for dead by others. One process renews its own long before. */
export const LEASE_MS = 30_000;

/** Null: somebody else took or moved the run meanwhile. */
export async function claimAttempt(deps: Omit<Deps, 'wake'>, runId: string): Promise<Claim | null> {
  await deps.fault('claim.before-write');
  const claim = await unitOfWork(deps, async (unit): Promise<Claim | null> => {
    const run = await unit.tx.run(runId);
    if (run === null || run.status !== 'pending' || run.next_attempt === null || deps.held.has(runId)) return null;
    const next = run.next_attempt;
    const session = chooseSession(run, next);
    const sessionId = session.kind === 'resume' && run.session_id !== null ? run.session_id : deps.random.uuid();
    const epoch = run.epoch + 1;
    const at = now(deps);
    const attempt = newAttempt(deps, run, next, { sessionId, epoch, at });
    const taken = await unit.updateRun(
      run.id,
      {
        status: 'running',
        waiting: null,
        outcome: null,
        outcome_detail: null,
        epoch,
        attempts: run.attempts + 1,
        session_id: sessionId,
        next_attempt: null,
        cancel_requested: false,
        started_at: run.started_at ?? at,
        ended_at: null,
      },
      { status: 'pending', epoch: run.epoch },
    );
    if (!taken) return null;
    await unit.tx.insertAttempt(attempt);
    await unit.record(
      'attempt.started',
      { number: attempt.number, kind: attempt.kind, epoch, session_id: sessionId },
      { runId: run.id, actor: next.by },
    );
    const claimed = await unit.tx.run(run.id);
    return claimed === null ? null : { run: claimed, attempt, next, session };
  });
  await deps.fault('claim.after-write');
  return claim;
}

function chooseSession(run: RunRow, next: NextAttempt): Claim['session'] {
  if (run.fork_session_id !== null && run.session_id === null && next.kind !== 'recovery')
    return { kind: 'fork', from: run.fork_session_id };
  return next.resume && run.session_id !== null ? { kind: 'resume' } : { kind: 'start' };
}

function newAttempt(
  deps: Omit<Deps, 'wake'>,
  run: RunRow,
  next: NextAttempt,
  made: { sessionId: string; epoch: number; at: string },
): AttemptRow {
  return {
    id: deps.random.id(),
    run_id: run.id,
    number: run.attempts + 1,
    kind: next.kind,
    state: 'live',
    outcome: null,
    detail: null,
    exit_code: null,
    exit_signal: null,
    session_id: made.sessionId,
    epoch: made.epoch,
    pid: null,
    agent_version: null,
    sandbox: null,
    caps: null,
    base_commit: run.head_commit ?? run.base_commit,
    head_commit: null,
    cost_usd: null,
    started_at: made.at,
    ended_at: null,
    worker_id: deps.workerId,
    lease_expires_at: iso(deps.clock.nowMs() + LEASE_MS),
    pid_started: null,
    cgroup: null,
    resumable: false,
    prompt: next.prompt,
  };
}
