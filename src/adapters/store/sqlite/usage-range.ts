/** Sums over a range of time: whole days from the roll-ups, the broken days at its ends from the calls themselves. */
import { type RawBuilder, sql } from 'kysely';
import { GluonError } from '../../../contract/errors.ts';
import type { UsageFilter } from '../../../ports/usage-store.ts';

const DAY_MS = 86_400_000;
/** The calls of a run go with the run; the sums by day stay. So an end of a range that lies further back counts its whole day. */
const EXACT_DAYS = 14;
/** After every day. */
const NO_END = '9999-12-31';

interface Range {
  /** Whole UTC days, from inclusive to exclusive; null when the range holds none. */
  days: { from: string; to: string } | null;
  /** Spans of time, start inclusive, end exclusive. */
  edges: { from: string; to: string }[];
}

/** Splits [since, until) at the UTC midnights within it; ends that lie too far back are moved outwards to the next midnight. */
export function splitRange(filter: UsageFilter, nowMs: number): Range {
  const exactFromMs = nowMs - EXACT_DAYS * DAY_MS;
  const end = (field: 'since' | 'until', whole: (days: number) => number): number | null => {
    const text = filter[field];
    if (text === undefined) return null;
    const ms = parseTime(text, field);
    return ms < exactFromMs ? whole(ms / DAY_MS) * DAY_MS : ms;
  };
  const sinceMs = end('since', Math.floor);
  const untilMs = end('until', Math.ceil);
  const firstMs = sinceMs === null ? null : Math.ceil(sinceMs / DAY_MS) * DAY_MS;
  const lastMs = untilMs === null ? null : Math.floor(untilMs / DAY_MS) * DAY_MS;
  if (firstMs !== null && lastMs !== null && sinceMs !== null && untilMs !== null && firstMs > lastMs) {
    return { days: null, edges: untilMs > sinceMs ? [{ from: time(sinceMs), to: time(untilMs) }] : [] };
  }
  const edges: Range['edges'] = [];
  if (sinceMs !== null && firstMs !== null && sinceMs < firstMs) edges.push({ from: time(sinceMs), to: time(firstMs) });
  if (untilMs !== null && lastMs !== null && lastMs < untilMs) edges.push({ from: time(lastMs), to: time(untilMs) });
  return { days: { from: firstMs === null ? '' : day(firstMs), to: lastMs === null ? NO_END : day(lastMs) }, edges };
}

function parseTime(text: string, field: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new GluonError('bad_request', { why: `"${field}" is no time` });
  return ms;
}

const time = (ms: number): string => new Date(ms).toISOString();
const day = (ms: number): string => time(ms).slice(0, 10);

const CALL = sql`1 as model_calls, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
  coalesce(cost_usd, 0.0) as cost_usd, cost_usd is null as unpriced_calls`;
const SUMS = sql`model_calls, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd, unpriced_calls`;

/** Rows of (day, project_id, model, runs, model_runs, sums). */
export function daySums(filter: UsageFilter, nowMs: number): RawBuilder<unknown> {
  const { days, edges } = splitRange(filter, nowMs);
  const project = ofProject(filter);
  const parts = edges.map(
    ({ from, to }) => sql`select substr(at, 1, 10) as day, project_id, model, first_of_run as runs, first_of_model as model_runs, ${CALL}
      from model_calls where state = 'settled' and at >= ${from} and at < ${to} ${project}`,
  );
  const from = days ?? { from: NO_END, to: '' };
  parts.push(sql`select day, project_id, model, runs, model_runs, ${SUMS}
    from usage_days where day >= ${from.from} and day < ${from.to} ${project}`);
  return sql.join(parts, sql` union all `);
}

/** Rows of (run_id, project_id, sums). Over all time, only the `limit` dearest. */
export function runSums(filter: UsageFilter, limit: number, nowMs: number): RawBuilder<unknown> {
  const project = ofProject(filter);
  if (filter.since === undefined && filter.until === undefined) {
    return sql`select * from (select run_id, project_id, ${SUMS} from usage_runs where day = 'all' ${project}
      order by cost_usd desc limit ${limit})`;
  }
  const { days, edges } = splitRange(filter, nowMs);
  const parts = edges.map(
    ({ from, to }) => sql`select run_id, project_id, ${CALL} from model_calls
      where state = 'settled' and at >= ${from} and at < ${to} ${project}`,
  );
  const from = days ?? { from: NO_END, to: '' };
  parts.push(sql`select run_id, project_id, ${SUMS} from usage_runs where day >= ${from.from} and day < ${from.to} ${project}`);
  return sql.join(parts, sql` union all `);
}

function ofProject(filter: UsageFilter): RawBuilder<unknown> {
  return filter.project_id === undefined ? sql`` : sql`and project_id = ${filter.project_id}`;
}
