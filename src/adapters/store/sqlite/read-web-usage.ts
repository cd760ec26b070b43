import { sql } from 'kysely';
import type { ModelSums, UsageBucket, UsageDay, WebReads } from '../../../ports/web-store.ts';
import type { Db } from './connection.ts';

const TOKENS = sql`sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
  sum(cache_read_tokens) as cache_read_tokens, sum(cache_write_tokens) as cache_write_tokens`;

/** Series for charts: over days from the roll-ups, over the life of one run from its calls. */
export function readWebUsage(db: Db) {
  return {
    usageSeries: async (by, fromDay, projectId) => {
      const key = by === 'model' ? sql`model` : sql`coalesce((select name from projects where id = project_id), project_id)`;
      const ofProject = projectId === null ? sql`` : sql`and project_id = ${projectId}`;
      const { rows } = await sql<UsageDay>`select day, ${key} as key, sum(cost_usd) as cost_usd, sum(model_calls) as model_calls,
        sum(unpriced_calls) as unpriced_calls, ${TOKENS} from usage_days where day >= ${fromDay} ${ofProject}
        group by day, key order by day, key`.execute(db);
      return rows;
    },
    usageOfRun: async (runId) => {
      const { rows } = await sql<ModelSums>`select model, count(*) as model_calls, sum(cost_usd is null) as unpriced_calls,
        case when sum(cost_usd is null) > 0 then null else sum(cost_usd) end as cost_usd, ${TOKENS} from model_calls
        where run_id = ${runId} and state = 'settled' group by model order by sum(cost_usd) desc, model`.execute(db);
      return rows;
    },
    callSpan: async (runId) => {
      const { rows } = await sql<{ first: string | null; last: string | null }>`select min(at) as first, max(at) as last
        from model_calls where run_id = ${runId} and state = 'settled'`.execute(db);
      const { first = null, last = null } = rows[0] ?? {};
      return first === null || last === null ? null : { first, last };
    },
    usageBuckets: async (runId, fromMs, bucketMs) => {
      // Milliseconds since the epoch, from text: days to the second, and the three digits behind the point.
      const ms = sql`(cast(strftime('%s', at) as integer) * 1000 + cast(substr(at, 21, 3) as integer))`;
      const { rows } = await sql<UsageBucket>`select cast((${ms} - ${fromMs}) / ${bucketMs} as integer) as bucket,
        coalesce(sum(cost_usd), 0.0) as cost_usd,
        sum(input_tokens + output_tokens + cache_read_tokens + cache_write_tokens) as tokens, count(*) as model_calls
        from model_calls where run_id = ${runId} and state = 'settled' group by bucket order by bucket`.execute(db);
      return rows;
    },
  } satisfies Partial<WebReads>;
}
