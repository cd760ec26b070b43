/**
 * Sums of the settled calls, kept in the transaction that settles them, so that no summary reads all calls: by day, project and model,
 * and by day and run (day `all`: since ever). Also the number of runs per state.
 */

const totals = `model_calls integer not null, input_tokens integer not null, output_tokens integer not null,
    cache_read_tokens integer not null, cache_write_tokens integer not null, cost_usd real not null, unpriced_calls integer not null`;

const sums = `count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens),
    coalesce(sum(cost_usd), 0), sum(cost_usd is null)`;

/** A run counts on the day of its first call, once for the run and once for each model: such counts add up over days. */
const first = (columns: string): string =>
  `id in (select id from (select id, row_number() over (partition by ${columns} order by at, id) as place
    from model_calls where state = 'settled') where place = 1)`;

export const statements: readonly string[] = [
  'alter table model_calls add column first_of_run integer not null default 0',
  'alter table model_calls add column first_of_model integer not null default 0',
  `update model_calls set first_of_run = 1 where ${first('run_id')}`,
  `update model_calls set first_of_model = 1 where ${first('run_id, model')}`,

  `create table usage_days (
    day text not null, project_id text not null, model text not null, runs integer not null, model_runs integer not null, ${totals},
    primary key (day, project_id, model)
  ) strict, without rowid`,
  `insert into usage_days
    select substr(at, 1, 10), project_id, model, sum(first_of_run), sum(first_of_model), ${sums}
    from model_calls where state = 'settled' group by 1, 2, 3`,

  `create table usage_runs (
    day text not null, run_id text not null references runs (id) on delete cascade, project_id text not null, ${totals},
    primary key (day, run_id)
  ) strict, without rowid`,
  'create index usage_runs_run on usage_runs (run_id)',
  'create index usage_runs_cost on usage_runs (day, cost_usd)',
  'create index usage_runs_cost_of_project on usage_runs (project_id, day, cost_usd)',
  `insert into usage_runs
    select substr(at, 1, 10), run_id, project_id, ${sums} from model_calls where state = 'settled' group by 1, 2`,
  `insert into usage_runs select 'all', run_id, project_id, ${sums} from model_calls where state = 'settled' group by run_id`,

  `create table run_counts (
    project_id text not null, status text not null, runs integer not null, primary key (project_id, status)
  ) strict, without rowid`,
  'insert into run_counts select project_id, status, count(*) from runs group by 1, 2',
  `create trigger runs_counted_in after insert on runs begin
    insert into run_counts values (new.project_id, new.status, 1)
    on conflict (project_id, status) do update set runs = runs + 1;
  end`,
  `create trigger runs_counted_out after delete on runs begin
    update run_counts set runs = runs - 1 where project_id = old.project_id and status = old.status;
  end`,
  `create trigger runs_counted_over after update of status, project_id on runs
    when old.status <> new.status or old.project_id <> new.project_id begin
    update run_counts set runs = runs - 1 where project_id = old.project_id and status = old.status;
    insert into run_counts values (new.project_id, new.status, 1)
    on conflict (project_id, status) do update set runs = runs + 1;
  end`,
];
