/** The provider holds a run back, as the gateway saw it: told to the attempt, recorded as an event. */
import type { Meter } from '../ports/gateway.ts';
import { type Deps, iso } from './deps.ts';
import { noteProblem } from './problems.ts';
import { unitOfWork } from './unit-of-work.ts';

export type RateLimitInfo = Parameters<Meter['rateLimited']>[1];

/** A storm of refusals is one event a minute: more would tell nobody more. */
const QUIET_MS = 60_000;

export function rateLimitNotes(
  deps: Pick<Deps, 'store' | 'bus' | 'redact' | 'settings' | 'log' | 'clock' | 'live'>,
): (runId: string, info: RateLimitInfo) => void {
  const lastMs = new Map<string, number>();
  return (runId, info) => {
    deps.live.get(runId)?.heldBack(info);
    const nowMs = deps.clock.monotonicMs();
    for (const [id, atMs] of lastMs) if (nowMs - atMs > QUIET_MS) lastMs.delete(id);
    if (lastMs.has(runId)) return;
    lastMs.set(runId, nowMs);
    const until = info.untilMs === null ? null : iso(info.untilMs);
    unitOfWork(deps, (unit) =>
      unit.record('model.rate_limited', { status: info.status, until, why: info.why }, { runId, actor: 'gluon' }),
    ).catch((error: unknown) => noteProblem(deps, 'rate limit', error, runId));
  };
}
