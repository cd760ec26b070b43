/** Money and tokens, as metered at the gateway. */
import type { OperationOutput } from '../contract/operations.ts';
import type { TokenTotals } from '../contract/resources.ts';
import type { UsageFilter } from '../ports/usage-store.ts';
import { type Deps, iso } from './deps.ts';
import { findProject } from './find.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface RangeInput {
  since?: string | undefined;
  until?: string | undefined;
  project?: string | undefined;
}

export async function usageSummary(deps: Deps, project: string | undefined): Promise<OperationOutput<'usage.summary'>> {
  const scope = await filterOf(deps, { project });
  const startOfDay = deps.clock.nowMs() - (deps.clock.nowMs() % DAY_MS);
  const from = (days: number) => deps.store.usageTotals({ ...scope, since: iso(startOfDay - days * DAY_MS) });
  return { today: await from(0), week: await from(6), month: await from(29), total: await deps.store.usageTotals(scope) };
}

export async function usageByProject(deps: Deps, input: RangeInput): Promise<OperationOutput<'usage.by_project'>> {
  const names = await projectNames(deps);
  const rows = await deps.store.usageByProject(await filterOf(deps, input));
  return { items: rows.map(({ project_id, ...totals }) => ({ ...totals, project: names.get(project_id) ?? project_id })) };
}

export async function usageByModel(deps: Deps, input: RangeInput): Promise<OperationOutput<'usage.by_model'>> {
  return { items: await deps.store.usageByModel(await filterOf(deps, input)) };
}

export async function usageByDay(deps: Deps, input: RangeInput): Promise<OperationOutput<'usage.by_day'>> {
  return { items: await deps.store.usageByDay(await filterOf(deps, input)) };
}

export async function usageByRun(deps: Deps, input: RangeInput & { limit: number }): Promise<OperationOutput<'usage.runs'>> {
  const names = await projectNames(deps);
  const rows = await deps.store.usageByRun(await filterOf(deps, input), input.limit);
  return { items: rows.map(({ project_id, ...totals }) => ({ ...totals, project: names.get(project_id) ?? project_id })) };
}

export async function costToday(deps: Deps): Promise<number> {
  const startOfDay = deps.clock.nowMs() - (deps.clock.nowMs() % DAY_MS);
  const totals: TokenTotals = await deps.store.usageTotals({ since: iso(startOfDay) });
  return totals.cost_usd;
}

async function filterOf(deps: Deps, input: RangeInput): Promise<UsageFilter> {
  const filter: UsageFilter = {};
  if (input.project !== undefined) filter.project_id = (await findProject(deps.store, input.project)).id;
  if (input.since !== undefined) filter.since = input.since;
  if (input.until !== undefined) filter.until = input.until;
  return filter;
}

async function projectNames(deps: Deps): Promise<Map<string, string>> {
  return new Map((await deps.store.projects()).map((project) => [project.id, project.name]));
}
