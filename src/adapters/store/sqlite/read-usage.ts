import { sql } from 'kysely';
import type { StoreReads } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import type { UsageFilter, UsageTotals } from '../../../ports/usage-store.ts';
import { toPortRows } from './codec.ts';
import type { Db } from './connection.ts';
import { daySums, runSums } from './usage-range.ts';

/** How many calls the 90th percentile looks back on, and how few are too few to say anything. */
const P90_CALLS = 200;
const P90_FEWEST = 5;

const TOTALS = sql`coalesce(sum(model_calls), 0) as model_calls, coalesce(sum(input_tokens), 0) as input_tokens,
  coalesce(sum(output_tokens), 0) as output_tokens, coalesce(sum(cache_read_tokens), 0) as cache_read_tokens,
  coalesce(sum(cache_write_tokens), 0) as cache_write_tokens, coalesce(sum(cost_usd), 0.0) as cost_usd,
  coalesce(sum(unpriced_calls), 0) as unpriced_calls`;
/** A run counts once, where its first call was: so the counts of days add up to those of a month. */
const RUNS = sql`coalesce(sum(runs), 0) as runs`;

export function readUsage(db: Db, clock: Clock) {
  return {
    unsettledCalls: async () =>
      toPortRows(
        'model_calls',
        await db.selectFrom('model_calls').selectAll().where('state', '=', sql.lit('reserved')).orderBy('at').execute(),
      ),
    outputTokensP90: (profile) => outputTokensP90(db, profile),
    usageTotals: async (filter) => {
      const { rows } = await sql<UsageTotals>`select ${RUNS}, ${TOTALS} from (${daySums(filter, clock.nowMs())})`.execute(db);
      const [row] = rows;
      if (row === undefined) throw new Error('an aggregate without groups has one row');
      return row;
    },
    usageByProject: async (filter) =>
      grouped<UsageTotals & { project_id: string }>(db, clock, filter, 'project_id', 'runs', 'cost_usd desc'),
    usageByModel: async (filter) => grouped<UsageTotals & { model: string }>(db, clock, filter, 'model', 'model_runs', 'cost_usd desc'),
    usageByDay: async (filter) => grouped<UsageTotals & { day: string }>(db, clock, filter, 'day', 'runs', 'day'),
    usageByRun: async (filter, limit) => {
      type Row = UsageTotals & { run_id: string; title: string; project_id: string };
      const { rows } = await sql<Row>`select sums.*, runs.title, 1 as runs from (
        select run_id, project_id, ${TOTALS} from (${runSums(filter, limit, clock.nowMs())}) group by run_id order by cost_usd desc, run_id limit ${limit}
      ) sums join runs on runs.id = sums.run_id order by sums.cost_usd desc, sums.run_id`.execute(db);
      return rows;
    },
  } satisfies Partial<StoreReads>;
}

async function grouped<Row>(
  db: Db,
  clock: Clock,
  filter: UsageFilter,
  key: 'project_id' | 'model' | 'day',
  runs: 'runs' | 'model_runs',
  order: 'cost_usd desc' | 'day',
): Promise<Row[]> {
  const { rows } = await sql<Row>`select ${sql.ref(key)}, coalesce(sum(${sql.ref(runs)}), 0) as runs, ${TOTALS}
    from (${daySums(filter, clock.nowMs())}) group by ${sql.ref(key)} order by ${sql.raw(order)}`.execute(db);
  return rows;
}

async function outputTokensP90(db: Db, profile: string): Promise<number | null> {
  const rows = await db
    .selectFrom('model_calls')
    .select('output_tokens')
    .where('state', '=', sql.lit('settled'))
    .where('profile', '=', profile)
    .orderBy('at', 'desc')
    .limit(P90_CALLS)
    .execute();
  if (rows.length < P90_FEWEST) return null;
  const sorted = rows.map((row) => row.output_tokens).sort((one, other) => one - other);
  // Nearest rank: the smallest value that at least 90 % do not exceed.
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? null;
}
