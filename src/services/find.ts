/** Turning what a person typed into a row, or into the catalogue's error. */
import { GluonError } from '../contract/errors.ts';
import type { Run } from '../contract/resources.ts';
import type { ProjectRow, RunRow, StoreReads, WorkspaceRow } from '../ports/store.ts';
import { renderRun } from './render-run.ts';
import { factsOfRuns } from './run-facts.ts';

const FULL_ID = 32;
const SHOWN_ID = 8;
const SHOWN_CANDIDATES = 5;

/** A run by its id or a unique prefix of it. Throws `run_not_found`, `id_ambiguous`. */
export async function findRun(store: StoreReads, ref: string): Promise<RunRow> {
  const ids = ref.length === FULL_ID ? [ref] : await store.runIdsByPrefix(ref, SHOWN_CANDIDATES + 1);
  const [id] = ids;
  if (id === undefined) throw new GluonError('run_not_found', { run: ref });
  if (ids.length > 1) {
    const candidates = ids
      .slice(0, SHOWN_CANDIDATES)
      .map((one) => one.slice(0, SHOWN_ID))
      .join(', ');
    const count = ids.length > SHOWN_CANDIDATES ? `more than ${SHOWN_CANDIDATES}` : ids.length;
    throw new GluonError('id_ambiguous', { id: ref, count, what: 'runs', candidates });
  }
  const run = await store.run(id);
  if (run === null) throw new GluonError('run_not_found', { run: ref });
  return run;
}

/** A project by name or id. Throws `project_not_found`. */
export async function findProject(store: StoreReads, ref: string): Promise<ProjectRow> {
  const project = (await store.projectByName(ref)) ?? (await store.project(ref));
  if (project === null) throw new GluonError('project_not_found', { project: ref });
  return project;
}

export async function findWorkspace(store: StoreReads, ref: string): Promise<WorkspaceRow> {
  const workspace = await store.workspace(ref);
  if (workspace === null) throw new GluonError('workspace_not_found', { workspace: ref });
  return workspace;
}

/** The project of a run. It cannot be gone while the run is there. */
export async function projectOf(store: StoreReads, run: RunRow): Promise<ProjectRow> {
  return findProject(store, run.project_id);
}

/** The run as it is now, for an answer. */
export async function shownRun(store: StoreReads, id: string, user: string): Promise<Run> {
  const row = await findRun(store, id);
  const project = await projectOf(store, row);
  return renderRun(row, project.name, (await factsOfRuns(store, [row], user))(row.id));
}
