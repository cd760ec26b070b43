/** Runs as cards, counted and marked as seen. */
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import type { Run } from '../contract/resources.ts';
import { type RunCard, RunCardSchema } from '../contract/web-resources.ts';
import { RUN_STATUSES, type RunStatus } from '../core/run/status.ts';
import type { RunFilter, RunRow } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { findProject, findRun } from './find.ts';
import { only } from './only.ts';
import { renderRun } from './render-run.ts';
import { factsOfRuns } from './run-facts.ts';
import { unitOfWork } from './unit-of-work.ts';

type ListInput = Pick<ParsedInput<'runs.list'>, 'project' | 'status' | 'archived' | 'search' | 'limit' | 'cursor'>;

/** A page of runs, newest first, as the one who asks sees them. */
export async function listRuns(deps: Deps, input: ListInput, user: string): Promise<OperationOutput<'runs.list'>> {
  const projects = new Map((await deps.store.projects()).map((project) => [project.id, project.name]));
  const page = await deps.store.listRuns(await filterOf(deps, input), input.limit, input.cursor);
  const facts = await factsOfRuns(deps.store, page.items, user);
  const shown = (row: RunRow): Run => renderRun(row, projects.get(row.project_id) ?? '', facts(row.id));
  return { items: page.items.map(shown), next_cursor: page.next_cursor };
}

export async function listCards(deps: Deps, input: ListInput, user: string): Promise<OperationOutput<'runs.cards'>> {
  const page = await listRuns(deps, input, user);
  return { items: page.items.map(cardOf), next_cursor: page.next_cursor };
}

const CARD_FIELDS = Object.keys(RunCardSchema.shape) as (keyof RunCard)[];

function cardOf(run: Run): RunCard {
  const card: Partial<Record<keyof RunCard, unknown>> = {};
  for (const field of CARD_FIELDS) card[field] = run[field];
  return card as RunCard;
}

async function filterOf(deps: Deps, input: ListInput): Promise<RunFilter> {
  const projectId = input.project === undefined ? undefined : (await findProject(deps.store, input.project)).id;
  return only({ project_id: projectId, statuses: input.status, archived: input.archived ? undefined : false, search: input.search });
}

type Counts = Record<RunStatus, number>;

const none = (): Counts => Object.fromEntries(RUN_STATUSES.map((status) => [status, 0])) as Counts;

export async function countRuns(deps: Deps): Promise<OperationOutput<'runs.counts'>> {
  const [projects, rows, needsAnswer, archived] = await Promise.all([
    deps.store.projects(),
    deps.store.runCounts(),
    deps.store.runsToAnswer(),
    deps.store.archivedRuns(),
  ]);
  const total = none();
  const byProject = new Map(projects.map((project) => [project.id, none()]));
  for (const { project_id, status, runs } of rows) {
    total[status] += runs;
    const counts = byProject.get(project_id);
    if (counts !== undefined) counts[status] = runs;
  }
  const items = projects.map(({ id, name }) => ({ project_id: id, project: name, counts: byProject.get(id) ?? none() }));
  return { total, projects: items, needs_answer: needsAnswer, archived };
}

/** Seen as it is now: what happens from here on makes it unread again. */
export async function markRead(deps: Deps, ref: string, user: string): Promise<void> {
  const run = await findRun(deps.store, ref);
  const [facts] = await deps.store.cardFacts(user, [run.id]);
  if (facts?.unread !== true) return;
  await unitOfWork(
    deps,
    async (unit) => {
      await unit.tx.markRunRead(user, run.id);
      unit.publish({ topic: 'board', type: 'run_read', data: { id: run.id, user } });
    },
    { survives: 'process' },
  );
}
