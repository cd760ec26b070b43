/** What was spent: today, by day, by project, by model, by run. Every figure is the gateway's own. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { operationQuery } from '../api/query.ts';
import { useTopic } from '../live/live.ts';
import { Select } from '../ui/field.tsx';
import { money, whole } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Panel, ViewBody, ViewHead } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { CostChart } from './cost-chart.tsx';
import { dayName, dayStacks, familyTotals, sinceDays } from './day-stacks.ts';
import { Metrics } from './metrics.tsx';
import { ModelTable, ProjectTable, RunTable } from './usage-tables.tsx';

const PERIODS = [
  { value: '1', label: 'Today' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const;
type Period = (typeof PERIODS)[number]['value'];

/** While runs work, figures move all the time: they are read again this long after the first that moved. */
const SETTLE_MS = 3_000;
const route = getRouteApi('/usage');

export function UsageView() {
  const { project } = route.useSearch();
  const navigate = route.useNavigate();
  const [period, setPeriod] = useState<Period>('30');
  const projects = useQuery(operationQuery('projects.list', {}));
  useFreshUsage();
  return (
    <>
      <ViewHead
        title="Usage"
        actions={
          <Select
            quiet
            aria-label="Project"
            value={project ?? ''}
            onChange={({ target }) => void navigate({ search: { project: target.value === '' ? undefined : target.value } })}
            className="w-44 max-phone:flex-1"
          >
            <option value="">All projects</option>
            {projects.data?.items.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </Select>
        }
      >
        <Segmented label="Period" value={period} options={PERIODS} onChange={setPeriod} />
      </ViewHead>
      <ViewBody className="flex flex-col gap-2.5">
        <UsagePanels days={Number(period)} project={project} />
      </ViewBody>
    </>
  );
}

function UsagePanels({ days, project }: { days: number; project: string | undefined }) {
  const since = sinceDays(days, Date.now());
  const summary = useQuery(operationQuery('usage.summary', { project }));
  const byProject = useQuery({ ...operationQuery('usage.by_project', { since }), enabled: project === undefined });
  const byModel = useQuery(operationQuery('usage.by_model', { since, project }));
  const byRun = useQuery(operationQuery('usage.runs', { since, project, limit: 100 }));
  const all = [summary, byProject, byModel, byRun];
  const failed = all.find(({ error }) => error !== null);
  const unpriced = byModel.data?.items.filter((each) => each.unpriced_calls > 0) ?? [];
  return (
    <>
      {failed !== undefined && (
        <Problem
          title="The usage could not be read"
          error={failed.error}
          onRetry={() => {
            for (const each of all) if (each.isError) void each.refetch();
          }}
        />
      )}
      <Metrics summary={summary.data} />
      {unpriced.length > 0 && <Unpriced models={unpriced} />}
      <div className="grid grid-cols-[minmax(0,1.75fr)_minmax(0,1fr)] gap-2.5 max-[1100px]:grid-cols-1">
        <DaysPanel days={days} project={project} />
        {project === undefined && (
          <Panel title="By project" sub={periodWords(days)}>
            <ProjectTable rows={byProject.data?.items} />
          </Panel>
        )}
        <Panel title="Dearest runs" sub={periodWords(days)}>
          <RunTable rows={byRun.data?.items} />
        </Panel>
        <Panel title="By model" sub={periodWords(days)}>
          <ModelTable rows={byModel.data?.items} />
        </Panel>
      </div>
    </>
  );
}

function DaysPanel({ days, project }: { days: number; project: string | undefined }) {
  // One bar alone says nothing: today stands among the days before it.
  const series = useQuery(operationQuery('usage.series', { days: Math.max(days, 7), by: 'model', project }));
  const stacks = series.data === undefined ? [] : dayStacks(series.data.from, series.data.to, series.data.items);
  const totals = familyTotals(stacks);
  const sum = totals.reduce((all, { cost }) => all + cost, 0);
  return (
    <Panel
      title="Cost per day"
      sub={series.data !== undefined && <span className="num">{`${money(sum)} in ${stacks.length} days (UTC)`}</span>}
      actions={
        <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-small text-fg-2">
          {totals.map(({ family, cost }) => (
            <li key={family.id} className="num flex items-center gap-1.5">
              <span className="size-2 rounded-[2px]" style={{ background: family.colour }} />
              {family.label} <span className="font-medium text-fg">{money(cost)}</span>
            </li>
          ))}
        </ul>
      }
    >
      <div className="px-3.5 pt-1 pb-3">
        {series.error !== null ? (
          <Problem title="The days could not be read" error={series.error} onRetry={() => void series.refetch()} />
        ) : series.data === undefined ? (
          <Skeleton className="h-[262px] w-full" />
        ) : (
          <CostChart stacks={stacks} />
        )}
      </div>
      <table className="sr">
        <caption>Cost per day in US dollars</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {totals.map(({ family }) => (
              <th key={family.id} scope="col">
                {family.label}
              </th>
            ))}
            <th scope="col">Together</th>
          </tr>
        </thead>
        <tbody>
          {stacks.map(({ day, parts, total }) => (
            <tr key={day}>
              <th scope="row">{dayName(day)}</th>
              {totals.map(({ family }) => (
                <td key={family.id}>{money(parts.find((part) => part.family === family)?.cost ?? 0)}</td>
              ))}
              <td>{money(total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** A sum that leaves calls out says so. */
function Unpriced({ models }: { models: readonly { model: string; unpriced_calls: number }[] }) {
  const calls = models.reduce((sum, { unpriced_calls }) => sum + unpriced_calls, 0);
  return (
    <div role="note" className="flex items-start gap-2.5 rounded-lg bg-warning-tint p-3 shadow-[inset_0_0_0_1px_var(--warning-line)]">
      <Glyph name="slow" size={14} className="mt-[3px]" />
      <p className="min-w-0 text-small break-words">
        <span className="font-medium text-warning-fg">
          {whole(calls)} {calls === 1 ? 'call is' : 'calls are'} not in these sums:
        </span>{' '}
        the price of {models.map(({ model }) => model).join(', ')} is not known.{' '}
        <Link to="/settings" hash="prices" className="text-link underline">
          Set a price
        </Link>
      </p>
    </div>
  );
}

function periodWords(days: number): string {
  return days === 1 ? 'today' : `in ${days} days`;
}

/** Reads the figures again some seconds after calls were settled, however many there were. */
function useFreshUsage(): void {
  const queries = useQueryClient();
  const timer = useRef<number | undefined>(undefined);
  const refresh = () => {
    timer.current = undefined;
    void queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => typeof name === 'string' && name.startsWith('usage.') });
  };
  useTopic('board', {
    message: (type) => {
      if (type === 'token_update' || type === 'run_removed') timer.current ??= window.setTimeout(refresh, SETTLE_MS);
    },
    resync: refresh,
  });
  useEffect(() => () => window.clearTimeout(timer.current), []);
}
