/** May this call be made? The rule that keeps a run under its money cap. */

export interface Spending {
  /** Settled so far; null: a call was made whose price is not known. */
  readonly spentUsd: number | null;
  /** Reserved by calls that have not come back. */
  readonly reservedUsd: number;
  /** Null or 0: no cap. */
  readonly capUsd: number | null;
  /** What this call will probably cost; null: its price is not known. */
  readonly estimateUsd: number | null;
  /** What this call may cost at most; null: its price is not known. */
  readonly mostUsd: number | null;
  /** The calls that have not come back: how many, and what they may cost at most together. */
  readonly inFlight: { readonly calls: number; readonly mostUsd: number };
}

export type ReservationDecision =
  | { readonly kind: 'granted'; readonly reserveUsd: number }
  /** The money that is left is reserved by calls in flight: decide again when one of them has come back. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'refused'; readonly code: 'budget' | 'price_unknown' };

/** Sums of reservations that went up and down again leave residues of floating point; less than this is nothing. */
const NOTHING_USD = 1e-9;
const WARN_AT = 0.8;
/** Calls of a run at the same time that may go on estimates alone: each can cost far more than its own. */
export const MAX_CALLS_ON_ESTIMATES = 4;

export function hasCap(capUsd: number | null): capUsd is number {
  return capUsd !== null && capUsd > 0;
}

/**
 * A call that is alone passes as long as the cap is not reached, whatever its estimate, so that a high estimate never stops a
 * run that has money left. Beside others it passes when all of them fit under the cap at the most they may cost, or, up to
 * four at a time, at what they will probably cost. Hence a run passes its cap by one call at most, plus what three others
 * cost beyond their estimates.
 * Fails closed: with a cap, a call of unknown price is refused, and so is every call after one.
 */
export function decideReservation(spending: Spending): ReservationDecision {
  const { spentUsd, reservedUsd, capUsd, estimateUsd, mostUsd, inFlight } = spending;
  if (!hasCap(capUsd)) return { kind: 'granted', reserveUsd: estimateUsd ?? 0 };
  if (estimateUsd === null || mostUsd === null || spentUsd === null) return { kind: 'refused', code: 'price_unknown' };
  if (spentUsd >= capUsd) return { kind: 'refused', code: 'budget' };
  const alone = reservedUsd <= NOTHING_USD;
  const fitsAtMost = spentUsd + inFlight.mostUsd + mostUsd <= capUsd;
  const fitsProbably = inFlight.calls < MAX_CALLS_ON_ESTIMATES && spentUsd + reservedUsd + estimateUsd <= capUsd;
  return alone || fitsAtMost || fitsProbably ? { kind: 'granted', reserveUsd: estimateUsd } : { kind: 'wait' };
}

/** Whether this settlement is the one that passes 80 % of the cap: true once on the way up. */
export function crossesWarning(beforeUsd: number, afterUsd: number, capUsd: number | null): boolean {
  if (!hasCap(capUsd)) return false;
  return beforeUsd < capUsd * WARN_AT && afterUsd >= capUsd * WARN_AT;
}
