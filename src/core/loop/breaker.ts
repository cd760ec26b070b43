/** The circuit breaker of a loop: it opens when iterations go in circles. Its state is plain data and survives restarts. */

export const BREAKER_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

export interface Breaker {
  readonly state: BreakerState;
  /** Iterations in a row without progress. */
  readonly stale: number;
  /** Of these, those spent in HALF_OPEN. */
  readonly halfOpen: number;
  /** Iterations in a row with the same error. */
  readonly sameError: number;
  readonly errorKey: string | null;
  /** Iterations in a row in which a permission was denied and nothing changed. */
  readonly denied: number;
  /** Why it opened, in words; null while it is not OPEN. */
  readonly reason: string | null;
  readonly openedAtMs: number | null;
}

export interface BreakerLimits {
  /** Stale iterations that take it from CLOSED to HALF_OPEN. */
  readonly halfOpenAfter: number;
  /** Further ones that open it. */
  readonly patience: number;
  readonly sameError: number;
  readonly denied: number;
}

export const BREAKER_LIMITS: BreakerLimits = { halfOpenAfter: 2, patience: 3, sameError: 5, denied: 2 };

export const CLOSED: Breaker = {
  state: 'CLOSED',
  stale: 0,
  halfOpen: 0,
  sameError: 0,
  errorKey: null,
  denied: 0,
  reason: null,
  openedAtMs: null,
};

export interface IterationOutcome {
  /** Commits or changed files, against the tree as it was when the iteration began. */
  readonly progress: boolean;
  /** Identity of its error (`errorKey`); null when it had none. */
  readonly errorKey: string | null;
  readonly permissionDenied: boolean;
  /** A question was asked, or COMPLETE was claimed: neither progress nor stagnation. */
  readonly neutral: boolean;
}

/** The breaker after an iteration. OPEN stays OPEN: only a person or a cooldown takes it back. */
export function afterIteration(
  breaker: Breaker,
  iteration: IterationOutcome,
  nowMs: number,
  limits: BreakerLimits = BREAKER_LIMITS,
): Breaker {
  if (breaker.state === 'OPEN') return breaker;
  const counted = {
    ...breaker,
    ...errorCount(breaker, iteration),
    denied: iteration.permissionDenied && !iteration.progress ? breaker.denied + 1 : 0,
  };
  if (counted.sameError >= limits.sameError) return opened(counted, `The same error ${counted.sameError} iterations in a row.`, nowMs);
  if (counted.denied >= limits.denied)
    return opened(counted, `A permission was denied in ${counted.denied} iterations in a row, and nothing changed.`, nowMs);
  if (iteration.neutral) return counted;
  if (iteration.progress) return { ...counted, state: 'CLOSED', stale: 0, halfOpen: 0 };
  const stale = counted.stale + 1;
  if (counted.state === 'CLOSED')
    return stale >= limits.halfOpenAfter ? { ...counted, state: 'HALF_OPEN', stale, halfOpen: 0 } : { ...counted, stale };
  const halfOpen = counted.halfOpen + 1;
  return halfOpen >= limits.patience
    ? opened({ ...counted, stale, halfOpen }, `No progress in ${stale} iterations in a row.`, nowMs)
    : { ...counted, stale, halfOpen };
}

/** What a person's resume does: everything is counted from nothing again. */
export function reset(): Breaker {
  return CLOSED;
}

/** With a cooldown, an OPEN breaker becomes HALF_OPEN by itself after that time; the next stale iterations open it again. */
export function afterCooldown(breaker: Breaker, cooldownMs: number | null, nowMs: number): Breaker {
  if (breaker.state !== 'OPEN' || cooldownMs === null || breaker.openedAtMs === null || nowMs - breaker.openedAtMs < cooldownMs)
    return breaker;
  return { ...CLOSED, state: 'HALF_OPEN' };
}

function errorCount(breaker: Breaker, { errorKey }: IterationOutcome): Pick<Breaker, 'sameError' | 'errorKey'> {
  if (errorKey === null) return { sameError: 0, errorKey: null };
  return { errorKey, sameError: errorKey === breaker.errorKey ? breaker.sameError + 1 : 1 };
}

function opened(breaker: Breaker, reason: string, nowMs: number): Breaker {
  return { ...breaker, state: 'OPEN', reason, openedAtMs: nowMs };
}
