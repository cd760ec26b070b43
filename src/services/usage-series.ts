/** Money and tokens over time: by day for charts, over the life of one run, and one run by kind of token. */
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import { priceOf } from '../core/money/prices.ts';
import { bucketsFor } from '../core/usage/buckets.ts';
import { splitByKind } from '../core/usage/token-kinds.ts';
import { type Deps, iso } from './deps.ts';
import { findProject, findRun } from './find.ts';

const DAY_MS = 86_400_000;

/** UTC days, today the last of them. */
export async function usageSeries(deps: Deps, input: ParsedInput<'usage.series'>): Promise<OperationOutput<'usage.series'>> {
  const projectId = input.project === undefined ? null : (await findProject(deps.store, input.project)).id;
  const nowMs = deps.clock.nowMs();
  const from = iso(nowMs - (input.days - 1) * DAY_MS).slice(0, 10);
  return { from, to: iso(nowMs).slice(0, 10), items: await deps.store.usageSeries(input.by, from, projectId) };
}

export async function runSeries(deps: Deps, ref: string): Promise<OperationOutput<'usage.run_series'>> {
  const run = await findRun(deps.store, ref);
  const span = await deps.store.callSpan(run.id);
  if (span === null) return { from: null, to: null, bucket_seconds: 0, items: [] };
  const { fromMs, bucketMs, count } = bucketsFor(Date.parse(span.first), Date.parse(span.last));
  const found = new Map((await deps.store.usageBuckets(run.id, fromMs, bucketMs)).map(({ bucket, ...sums }) => [bucket, sums]));
  const items = Array.from({ length: count }, (_, bucket) => ({
    at: iso(fromMs + bucket * bucketMs),
    cost_usd: 0,
    tokens: 0,
    model_calls: 0,
    ...found.get(bucket),
  }));
  return { from: iso(fromMs), to: iso(fromMs + count * bucketMs), bucket_seconds: bucketMs / 1000, items };
}

export async function runUsage(deps: Deps, ref: string): Promise<OperationOutput<'runs.usage'>> {
  const run = await findRun(deps.store, ref);
  const own = deps.settings.get('prices');
  const models = await deps.store.usageOfRun(run.id);
  const parts = splitByKind(
    models.map((sums) => ({
      tokens: {
        input: sums.input_tokens,
        cache_read: sums.cache_read_tokens,
        cache_write: sums.cache_write_tokens,
        output: sums.output_tokens,
      },
      costUsd: sums.cost_usd,
      price: priceOf(sums.model, own),
    })),
  );
  return {
    cost_usd: run.cost_usd,
    model_calls: run.model_calls,
    by_kind: parts.map(({ costUsd, ...part }) => ({ ...part, cost_usd: costUsd })),
    by_model: models.map(({ unpriced_calls: _unpriced, ...sums }) => sums),
  };
}
