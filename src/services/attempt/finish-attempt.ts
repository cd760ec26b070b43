/** The one way in which an attempt ends: outcome, cost, events and what comes next, in one transaction. */
import { type AfterAttempt, decideAfterAttempt, type StopReason } from '../../core/run/after-attempt.ts';
import type { AttemptEnd } from '../../core/run/outcome.ts';
import { CONTINUE_PROMPT, joinMessages } from '../../core/run/prompts.ts';
import type { AttemptRow, FollowUpRow, RunRow } from '../../ports/store.ts';
import { type Deps, iso, now } from '../deps.ts';
import { queueRun, type Restart } from '../resume-run.ts';
import { type Unit, unitOfWork } from '../unit-of-work.ts';
import type { Unheard } from './unheard.ts';

export interface FinishedAttempt {
  attempt: AttemptRow;
  end: AttemptEnd;
  stop: StopReason | null;
  agentCostUsd: number | null;
  /** The run's known cost when the attempt began; null when nobody remembers: then the other attempts tell. */
  costBefore: number | null;
  /** Prompt of a recovery, made before the transaction because it reads the transcript. */
  recoveryPrompt: string | null;
  /** What was said to the agent and may not have reached it, with an attempt that Gluon itself ended or lost. */
  unheard: Unheard | null;
}

export async function finishAttempt(deps: Omit<Deps, 'wake'>, finished: FinishedAttempt): Promise<void> {
  const { attempt } = finished;
  await deps.fault('finish.before-write');
  await unitOfWork(deps, async (unit) => {
    const run = await unit.tx.run(attempt.run_id);
    if (run === null) return;
    if (run.epoch !== attempt.epoch) {
      await unit.record('attempt.write_refused', { epoch: attempt.epoch, current: run.epoch }, { runId: run.id, actor: 'gluon' });
      await closeAttempt(deps, unit, run, finished);
      return;
    }
    // Finished already: by itself, while somebody took it for lost.
    if ((await unit.tx.attempt(attempt.id))?.state !== 'live') return;
    await closeAttempt(deps, unit, run, finished);
    const followUps = (await unit.tx.followUps(run.id)).filter((one) => one.state === 'queued');
    const after = decideAfterAttempt({
      end: finished.end,
      // A cancel stays one through a crash.
      stop: run.cancel_requested ? 'cancel' : finished.stop,
      commits: run.commit_count,
      leftovers: followUps.length,
      autoResumes: run.auto_resumes,
      maxAutoResumes: deps.settings.get('max_auto_resumes'),
      resumeAfterLoss: deps.settings.get('resume_after_loss'),
      recoveries: run.recoveries,
      nowMs: deps.clock.nowMs(),
    });
    if (!(await endRun(deps, unit, run, finished, after))) return;
    if (after.next === 'pending') await startAgain(deps, unit, finished, after, followUps);
  });
  await deps.fault('finish.after-write');
}

async function closeAttempt(deps: Omit<Deps, 'wake'>, unit: Unit, run: RunRow, finished: FinishedAttempt): Promise<void> {
  const { attempt, end } = finished;
  const before = finished.costBefore ?? (await costOfOthers(unit, attempt));
  const cost = run.cost_usd === null || before === null ? null : run.cost_usd - before;
  await unit.tx.updateAttempt(attempt.id, {
    state: 'ended',
    outcome: end.outcome,
    detail: end.detail,
    exit_code: end.exitCode,
    exit_signal: end.exitSignal,
    resumable: end.resumable,
    head_commit: run.head_commit,
    cost_usd: cost,
    lease_expires_at: null,
    ended_at: now(deps),
  });
  await unit.record(
    'attempt.ended',
    { number: attempt.number, outcome: end.outcome, detail: end.detail, exit_code: end.exitCode, exit_signal: end.exitSignal },
    { runId: run.id, actor: 'gluon' },
  );
}

/** Null when that of one of them is not known. */
async function costOfOthers(unit: Unit, attempt: AttemptRow): Promise<number | null> {
  const others = (await unit.tx.attempts(attempt.run_id)).filter((one) => one.id !== attempt.id);
  return others.reduce<number | null>((sum, { cost_usd: cost }) => (sum === null || cost === null ? null : sum + cost), 0);
}

/** Every end goes through a state that is not `running`, so that what follows is an ordinary move from there. */
async function endRun(deps: Omit<Deps, 'wake'>, unit: Unit, run: RunRow, finished: FinishedAttempt, after: AfterAttempt): Promise<boolean> {
  const at = now(deps);
  const status = after.next === 'pending' ? 'review' : after.next;
  const waiting = after.waiting === null || after.next === 'pending' ? null : { ...after.waiting, since: at };
  const done = await unit.updateRun(
    run.id,
    {
      status,
      cancel_requested: false,
      outcome: finished.end.outcome,
      outcome_detail: finished.end.detail,
      waiting,
      agent_cost_usd: finished.agentCostUsd ?? run.agent_cost_usd,
      ended_at: at,
      // A session that was never begun, or that is gone, cannot be continued.
      session_id: finished.end.resumable ? run.session_id : null,
    },
    { status: 'running', epoch: finished.attempt.epoch },
  );
  if (done && after.next !== 'pending') {
    await unit.record(
      'run.ended',
      { status, outcome: finished.end.outcome, detail: finished.end.detail },
      { runId: run.id, actor: 'gluon' },
    );
  }
  return done;
}

async function startAgain(
  deps: Omit<Deps, 'wake'>,
  unit: Unit,
  finished: FinishedAttempt,
  after: Extract<AfterAttempt, { next: 'pending' }>,
  followUps: FollowUpRow[],
): Promise<void> {
  const run = await unit.tx.run(finished.attempt.run_id);
  if (run === null) return;
  const restart = restartOf(deps, run, finished, after, followUps);
  await queueRun(unit, run, restart, { maxAutoResumes: deps.settings.get('max_auto_resumes') }, { status: 'review' });
  if (after.how === 'recover') await unit.updateRun(run.id, { recoveries: run.recoveries + 1 });
  if (after.how === 'leftovers') {
    for (const message of followUps) {
      await unit.tx.updateFollowUp(message.id, { state: 'delivered', delivered_at: restart.at }, 'queued');
    }
    await unit.updateRun(run.id, { queued_messages: 0 });
  }
}

function restartOf(
  deps: Omit<Deps, 'wake'>,
  run: RunRow,
  finished: FinishedAttempt,
  after: Extract<AfterAttempt, { next: 'pending' }>,
  followUps: FollowUpRow[],
): Restart {
  const at = now(deps);
  const waiting =
    after.waiting === null
      ? null
      : { reason: after.waiting.reason, detail: after.waiting.detail, since: at, until: iso(after.waiting.untilMs) };
  const common = {
    images: [] as string[],
    notBefore: after.notBeforeMs === null ? null : iso(after.notBeforeMs),
    waiting,
    at,
    automatic: after.automatic,
  };
  switch (after.how) {
    case 'leftovers':
      return {
        ...common,
        kind: 'resume',
        prompt: joinMessages(followUps.map((message) => message.text)),
        images: followUps.flatMap((message) => message.images),
        resume: true,
        by: followUps[0]?.by ?? 'gluon',
        why: 'Messages were left that the agent had not got.',
      };
    case 'recover':
      return {
        ...common,
        kind: 'recovery',
        prompt: finished.recoveryPrompt ?? run.prompt,
        resume: false,
        by: 'gluon',
        why: 'The context was full; a fresh session goes on.',
      };
    case 'continue': {
      const resume = run.session_id !== null;
      const { unheard } = finished;
      const prompt = unheard?.text ?? (resume ? CONTINUE_PROMPT : finished.attempt.prompt);
      const kind = resume ? 'resume' : finished.attempt.kind;
      return {
        ...common,
        kind,
        prompt,
        images: resume ? (unheard?.images ?? []) : run.images,
        resume,
        by: 'gluon',
        why: finished.end.detail,
      };
    }
    default:
      return after.how satisfies never;
  }
}
