/** How the time of a run is cut for a chart. */

const MOST_BUCKETS = 60;
/** Lengths that people can read an axis of, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400];

export interface Buckets {
  readonly fromMs: number;
  readonly bucketMs: number;
  readonly count: number;
}

/** At most 60 buckets from the first to the last millisecond, both inside; the first begins at a whole multiple of the length. */
export function bucketsFor(firstMs: number, lastMs: number): Buckets {
  const stepOf = (seconds: number): Buckets => {
    const bucketMs = seconds * 1_000;
    const fromMs = Math.floor(firstMs / bucketMs) * bucketMs;
    return { fromMs, bucketMs, count: Math.floor((lastMs - fromMs) / bucketMs) + 1 };
  };
  for (const seconds of STEPS) {
    const buckets = stepOf(seconds);
    if (buckets.count <= MOST_BUCKETS) return buckets;
  }
  // Longer than two months: whole days, as many as it takes.
  const days = Math.ceil((lastMs - firstMs) / (MOST_BUCKETS - 1) / 86_400_000);
  return stepOf(days * 86_400);
}
