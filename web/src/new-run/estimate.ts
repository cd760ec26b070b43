/** What runs like the one to be started have cost. Pure. */
import type { RunCard } from '../../../src/contract/web-resources.ts';

export interface Estimate {
  readonly runs: number;
  /** The middle half, USD. */
  readonly low: number;
  readonly high: number;
  /** Runs per part of the range, cheapest first. */
  readonly bars: readonly number[];
  /** The first and the last of `bars` in the middle half. */
  readonly middle: readonly [number, number];
}

/** Fewer say nothing. */
const LEAST = 5;
const BARS = 12;

/** Of ended runs of the same project and profile; null: too few of them have a known cost. */
export function estimateOf(cards: readonly RunCard[], project: string, profile: string): Estimate | null {
  const costs = cards
    .filter((card) => card.project === project && card.profile === profile && card.ended_at !== null && card.status !== 'cancelled')
    .flatMap(({ cost_usd }) => (cost_usd === null || cost_usd === 0 ? [] : [cost_usd]))
    .sort((one, other) => one - other);
  if (costs.length < LEAST) return null;
  const low = at(costs, 0.25);
  const high = at(costs, 0.75);
  const most = at(costs, 1);
  const bars = Array.from({ length: BARS }, () => 0);
  const barOf = (cost: number) => Math.min(BARS - 1, Math.floor((cost / most) * BARS));
  for (const cost of costs) bars[barOf(cost)] = (bars[barOf(cost)] ?? 0) + 1;
  return { runs: costs.length, low, high, bars, middle: [barOf(low), barOf(high)] };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)] ?? 0;
}
