/** What a benchmark gives: rows of one table, each with its promise and the number of samples behind it. */

export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The promise, or null for a figure that explains another one. */
  target: Target | null;
  samples: number;
  note: string;
}

export type Target = { most: number } | { least: number };

export interface BenchSettings {
  /** Few rounds: to see that it works, not to learn a figure. */
  quick: boolean;
}

export type Bench = (settings: BenchSettings) => Promise<Row[]>;

/** The nearest-rank quantile; NaN of nothing. `share` from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Median and p99 of one series. Of fewer than 100 samples the p99 is their largest. */
export function spread(
  name: string,
  unit: string,
  values: readonly number[],
  targets: { median?: number; p99?: number },
  note = '',
): Row[] {
  const target = (most: number | undefined): Target | null => (most === undefined ? null : { most });
  const common = { unit, samples: values.length };
  return [
    { ...common, name: `${name}, median`, value: median(values), target: target(targets.median), note },
    { ...common, name: `${name}, p99`, value: quantile(values, 0.99), target: target(targets.p99), note: '' },
  ];
}

export function figure(name: string, value: number, unit: string, samples: number, target: Target | null = null, note = ''): Row {
  return { name, value, unit, target, samples, note };
}

/** The medians of two series measured in turns, and the median of their pair-wise differences. */
export function pairs(
  name: string,
  unit: string,
  ours: readonly number[],
  plain: readonly number[],
  target: Target | null,
  note = '',
): Row[] {
  const added = ours.map((value, index) => value - (plain[index] ?? Number.NaN));
  return [
    figure(`${name}, plain`, median(plain), unit, plain.length),
    figure(name, median(ours), unit, ours.length),
    figure(`${name}, added`, median(added), unit, added.length, target, note),
    figure(`${name}, added, p99`, quantile(added, 0.99), unit, added.length),
  ];
}

/** Milliseconds of one call. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  await work();
  return performance.now() - fromMs;
}

/** Milliseconds of `times` calls, one after the other, after `warmUp` calls that do not count. */
export async function timedEach(times: number, work: (index: number) => Promise<unknown>, warmUp = 0): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < warmUp; index += 1) await work(index);
  for (let index = 0; index < times; index += 1) taken.push(await timed(() => work(warmUp + index)));
  return taken;
}

export function met({ value, target }: Row): boolean | null {
  if (target === null) return null;
  return 'most' in target ? value <= target.most : value >= target.least;
}
