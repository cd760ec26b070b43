/** Registering repositories and the folders that hold them. */
import { GluonError } from '../contract/errors.ts';
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import type { Project, Workspace } from '../contract/resources.ts';
import type { ProjectRow, WorkspaceRow } from '../ports/store.ts';
import { type Deps, now } from './deps.ts';
import { findProject, findWorkspace } from './find.ts';
import { holdStill } from './hold-still.ts';
import { reasonOf } from './problems.ts';
import { forgetRun } from './tidy.ts';
import { unitOfWork } from './unit-of-work.ts';
import { removeWorkingCopy } from './working-copies.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function renderProject(row: ProjectRow): Project {
  const { egress_allowed: _allowed, fetched_at: _fetched, ...shown } = row;
  return shown;
}

export async function addProject(
  deps: Deps,
  input: { name: string; path: string; base_branch?: string; workspaceId?: string },
  actor: string,
): Promise<ProjectRow> {
  checkName(input.name);
  if ((await deps.store.projectByName(input.name)) !== null) throw new GluonError('project_exists', { project: input.name });
  const facts = await deps.git.inspect(await deps.home.resolvePath(input.path));
  if (input.base_branch !== undefined && !(await deps.git.branchExists(facts.path, input.base_branch))) {
    throw new GluonError('branch_not_found', { name: input.base_branch });
  }
  const row: ProjectRow = {
    id: deps.random.id(),
    name: input.name,
    path: facts.path,
    workspace_id: input.workspaceId ?? null,
    base_branch: input.base_branch ?? null,
    branch_template: null,
    worktree_root: null,
    max_concurrent_runs: null,
    egress: null,
    sandbox: null,
    egress_allowed: [],
    fetched_at: null,
    created_at: now(deps),
  };
  await unitOfWork(deps, async (unit) => {
    if ((await unit.tx.projectByName(row.name)) !== null) throw new GluonError('project_exists', { project: row.name });
    await unit.tx.insertProject(row);
    await unit.record('project.added', { project: row.name, path: row.path }, { actor });
  });
  await deps.fault('project.after-add');
  return row;
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new GluonError('project_name_invalid', { name });
}

export async function updateProject(deps: Deps, input: ParsedInput<'projects.update'>, actor: string): Promise<ProjectRow> {
  const { project: ref, ...fields } = input;
  const project = await findProject(deps.store, ref);
  const patch: Partial<ProjectRow> = { ...fields };
  if (fields.name !== undefined && fields.name !== project.name) {
    checkName(fields.name);
    if ((await deps.store.projectByName(fields.name)) !== null) throw new GluonError('project_exists', { project: fields.name });
  }
  if (fields.path !== undefined) patch.path = (await deps.git.inspect(await deps.home.resolvePath(fields.path))).path;
  if (fields.worktree_root) patch.worktree_root = await deps.home.resolvePath(fields.worktree_root);
  const at = patch.path ?? project.path;
  if (fields.base_branch && !(await deps.git.branchExists(at, fields.base_branch)))
    throw new GluonError('branch_not_found', { name: fields.base_branch });
  await unitOfWork(deps, async (unit) => {
    await unit.tx.updateProject(project.id, patch);
    await unit.record('project.updated', { project: patch.name ?? project.name, fields: Object.keys(patch) }, { actor });
  });
  deps.wake();
  return { ...project, ...patch };
}

export async function removeProject(deps: Deps, ref: string, actor: string): Promise<void> {
  const project = await findProject(deps.store, ref);
  const counts = await deps.store.countRuns(project.id);
  const active = counts.pending + counts.running + counts.review;
  if (active > 0) throw new GluonError('project_busy', { project: project.name, count: active });
  let cursor: string | undefined;
  do {
    const page = await deps.store.listRuns({ project_id: project.id }, 100, cursor);
    for (const { id } of page.items) {
      await holdStill(deps, id, async (run) => {
        if (await deps.home.exists(project.path)) await removeWorkingCopy(deps, run, project);
        await forgetRun(deps, run, project.path);
      });
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  await deps.fault('project.before-remove');
  await unitOfWork(deps, async (unit) => {
    await unit.tx.deleteProject(project.id);
    await unit.record('project.removed', { project: project.name }, { actor });
  });
}

export async function renderWorkspace(deps: Deps, row: WorkspaceRow): Promise<Workspace> {
  const projects = await deps.store.projects();
  return { ...row, project_count: projects.filter((project) => project.workspace_id === row.id).length };
}

export async function addWorkspace(
  deps: Deps,
  input: ParsedInput<'workspaces.add'>,
  actor: string,
): Promise<OperationOutput<'workspaces.add'>> {
  checkName(input.name);
  if ((await deps.store.workspace(input.name)) !== null) throw new GluonError('workspace_exists', { workspace: input.name });
  const row: WorkspaceRow = {
    id: deps.random.id(),
    name: input.name,
    path: await deps.home.resolvePath(input.path),
    created_at: now(deps),
  };
  await unitOfWork(deps, async (unit) => {
    await unit.tx.insertWorkspace(row);
    await unit.record('workspace.added', { workspace: row.name, path: row.path }, { actor });
  });
  const found = input.scan ? await scanWorkspace(deps, row, actor) : [];
  return { workspace: await renderWorkspace(deps, row), found };
}

/** Registers the repositories below a workspace that are not projects yet; what cannot be one is noted, not fatal. */
export async function scanWorkspace(deps: Deps, workspace: WorkspaceRow, actor: string): Promise<Project[]> {
  const known = new Set((await deps.store.projects()).map((project) => project.path));
  const found: Project[] = [];
  for (const path of await deps.home.findRepositories(workspace.path)) {
    if (known.has(path)) continue;
    try {
      const name = await freeName(deps, path);
      found.push(renderProject(await addProject(deps, { name, path, workspaceId: workspace.id }, actor)));
    } catch (error) {
      // An empty or shallow repository is no project; the scan goes on and the log says so.
      deps.log.info({ path, why: reasonOf(error) }, 'a repository of a workspace was left out');
    }
  }
  await unitOfWork(deps, (unit) =>
    unit.record('workspace.scanned', { workspace: workspace.name, found: found.map((project) => project.name) }, { actor }),
  );
  return found;
}

async function freeName(deps: Deps, path: string): Promise<string> {
  const last =
    path
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? 'project';
  const clean =
    last
      .replace(/[^A-Za-z0-9._-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 56) || 'project';
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? clean : `${clean}-${number}`;
    if ((await deps.store.projectByName(name)) === null) return name;
  }
}

export async function removeWorkspace(deps: Deps, input: ParsedInput<'workspaces.remove'>, actor: string): Promise<void> {
  const workspace = await findWorkspace(deps.store, input.workspace);
  const projects = (await deps.store.projects()).filter((project) => project.workspace_id === workspace.id);
  if (input.with_projects) for (const project of projects) await removeProject(deps, project.id, actor);
  await unitOfWork(deps, async (unit) => {
    if (!input.with_projects) for (const project of projects) await unit.tx.updateProject(project.id, { workspace_id: null });
    await unit.tx.deleteWorkspace(workspace.id);
    await unit.record('workspace.removed', { workspace: workspace.name }, { actor });
  });
}
