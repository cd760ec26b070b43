/** What a chart of cost per day shows: one stack per day, also for days on which nothing was spent. */
import { FAMILIES, type Family, familyOf } from './families.ts';

export interface Point {
  /** `2026-11-25`, UTC. */
  readonly day: string;
  readonly key: string;
  readonly cost_usd: number;
}

export interface DayStack {
  readonly day: string;
  readonly total: number;
  /** From the bottom upwards; families without cost on that day are left out. */
  readonly parts: readonly { readonly family: Family; readonly cost: number }[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A broken answer must not fill the memory. */
const MOST_DAYS = 400;

/** Days from `from` to `to`, both included, oldest first. */
export function dayStacks(from: string, to: string, points: readonly Point[]): DayStack[] {
  const costs = new Map<string, Map<Family, number>>();
  for (const { day, key, cost_usd } of points) {
    const ofDay = costs.get(day) ?? new Map<Family, number>();
    const family = familyOf(key);
    costs.set(day, ofDay.set(family, (ofDay.get(family) ?? 0) + cost_usd));
  }
  const stacks: DayStack[] = [];
  const end = Date.parse(to);
  for (let at = Date.parse(from); at <= end && stacks.length < MOST_DAYS; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const ofDay = costs.get(day);
    const parts = FAMILIES.map((family) => ({ family, cost: ofDay?.get(family) ?? 0 })).filter(({ cost }) => cost > 0);
    stacks.push({ day, parts, total: parts.reduce((sum, { cost }) => sum + cost, 0) });
  }
  return stacks;
}

/** Sums by family over all days, in the order of the stacks; those without cost are left out. */
export function familyTotals(stacks: readonly DayStack[]): { family: Family; cost: number }[] {
  return FAMILIES.map((family) => ({
    family,
    cost: stacks.reduce((sum, { parts }) => sum + (parts.find((part) => part.family === family)?.cost ?? 0), 0),
  })).filter(({ cost }) => cost > 0);
}

/** Round figures from 0 to at least `most`, at most five of them. */
export function axisTicks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}

/** `Nov 9`: the days of the chart are UTC days, so they are named in UTC. */
export function dayName(day: string): string {
  return new Date(day).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
}

/** The first moment of the UTC day that lies `days - 1` days before today. */
export function sinceDays(days: number, nowMs: number): string {
  return new Date(nowMs - (nowMs % DAY_MS) - (days - 1) * DAY_MS).toISOString();
}
