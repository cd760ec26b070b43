/** Starts waiting runs when there is a place for them. Ticks when something changed, and when a waiting time is over. */
import { admit } from '../core/dispatch/admission.ts';
import type { WaitingReason } from '../core/run/waiting.ts';
import type { RunRow } from '../ports/store.ts';
import { type Claim, claimAttempt } from './attempt/claim-attempt.ts';
import { type Deps, now } from './deps.ts';
import { noteProblem } from './problems.ts';
import { unitOfWork } from './unit-of-work.ts';

/** Below this, a new working copy would most likely be half-made. */
const MIN_FREE_BYTES = 256 * 1024 * 1024;
/** Changes come in bursts; one look serves them all. */
const SETTLE_MS = 10;
/** When nothing can start for want of disk, look again by ourselves. */
const BLOCKED_RETRY_MS = 10_000;
/** Longest pause: a wall clock that was set back must not leave a run waiting. */
const MAX_PAUSE_MS = 60_000;

export interface Dispatcher {
  /** Nothing is dispatched before: what an earlier server left is repaired first. */
  start(): void;
  wake(): void;
  /** Starts no further run. */
  stop(): Promise<void>;
}

export function dispatcher(deps: Omit<Deps, 'wake'>, start: (claim: Claim) => void): Dispatcher {
  let started = false;
  let stopped = false;
  let again = false;
  let ticking: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;

  function schedule(delayMs: number): void {
    cancelTimer?.();
    cancelTimer = deps.clock.after(delayMs, run);
  }

  function run(): void {
    if (stopped) return;
    if (ticking !== null) {
      again = true;
      return;
    }
    ticking = tick()
      .catch((error: unknown) => noteProblem(deps, 'dispatch', error).then(() => schedule(BLOCKED_RETRY_MS)))
      .finally(() => {
        ticking = null;
        if (again && !stopped) {
          again = false;
          schedule(SETTLE_MS);
        }
      });
  }

  async function tick(): Promise<void> {
    const waiting = await deps.store.runsInState(['pending']);
    if (waiting.length === 0) return;
    const { admission, byId } = await decide(deps, waiting);
    for (const held of admission.hold) {
      const heldRun = byId.get(held.id);
      if (heldRun !== undefined) await showWaiting(deps, heldRun, held.reason, held.detail);
    }
    for (const id of admission.start) {
      if (stopped) return;
      const claimed = await claimAttempt(deps, id);
      if (claimed !== null) start(claimed);
    }
    if (admission.wakeAtMs !== null) schedule(Math.min(MAX_PAUSE_MS, Math.max(SETTLE_MS, admission.wakeAtMs - deps.clock.nowMs())));
    else if (admission.hold.some((held) => held.reason === 'capacity')) schedule(BLOCKED_RETRY_MS);
  }

  return {
    start() {
      started = true;
      schedule(SETTLE_MS);
    },
    wake() {
      if (started && !stopped) schedule(SETTLE_MS);
    },
    async stop() {
      stopped = true;
      cancelTimer?.();
      await ticking;
    },
  };
}

async function decide(deps: Omit<Deps, 'wake'>, waiting: RunRow[]) {
  const running = await deps.store.runsInState(['running']);
  const live = new Map<string, number>();
  for (const run of running) live.set(run.project_id, (live.get(run.project_id) ?? 0) + 1);
  const limits = new Map<string, number>();
  const perProject = deps.settings.get('max_concurrent_runs_per_project');
  for (const projectId of new Set(waiting.map((run) => run.project_id))) {
    limits.set(projectId, (await deps.store.project(projectId))?.max_concurrent_runs ?? perProject);
  }
  const free = await deps.home.freeBytes();
  const admission = admit({
    waiting: waiting.map((run) => ({
      id: run.id,
      projectId: run.project_id,
      notBeforeMs: run.next_attempt?.not_before ? Date.parse(run.next_attempt.not_before) : null,
    })),
    live,
    maxLive: deps.settings.get('max_concurrent_runs'),
    maxLiveOf: (projectId) => limits.get(projectId) ?? perProject,
    nowMs: deps.clock.nowMs(),
    blocked: free < MIN_FREE_BYTES ? { reason: 'capacity', detail: 'The disk is almost full; free some space.' } : null,
  });
  return { admission, byId: new Map(waiting.map((run) => [run.id, run])) };
}

async function showWaiting(deps: Omit<Deps, 'wake'>, run: RunRow, reason: WaitingReason, detail: string): Promise<void> {
  if (run.waiting?.reason === reason && run.waiting.detail === detail) return;
  const waiting = { reason, detail, since: now(deps) };
  await unitOfWork(deps, async (unit) => {
    if (await unit.updateRun(run.id, { waiting }, { status: 'pending', epoch: run.epoch })) {
      await unit.record('run.waiting_changed', { waiting }, { runId: run.id, actor: 'gluon' });
    }
  });
}
