/** Retention: what may go, and taking it away. The preview and the action see the same list. */
import { GluonError, isGluonError } from '../contract/errors.ts';
import type { OperationOutput } from '../contract/operations.ts';
import { classifyWorkingCopy, mayRemove, type WorkingCopyState } from '../core/run/retention.ts';
import type { ProjectRow, RunRow } from '../ports/store.ts';
import { type Deps, iso } from './deps.ts';
import { holdStill } from './hold-still.ts';
import { noteProblem } from './problems.ts';
import { unitOfWork } from './unit-of-work.ts';
import { removeWorkingCopy } from './working-copies.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** One call does a bounded amount of work; the next goes on. */
const MAX_ITEMS = 200;

export interface ListedCopy {
  path: string;
  run: RunRow | null;
  bytes: number;
  state: WorkingCopyState;
  reason: string;
}

export async function listWorkingCopies(deps: Deps): Promise<ListedCopy[]> {
  const projects = new Map((await deps.store.projects()).map((project) => [project.id, project]));
  const listed: ListedCopy[] = [];
  for (const path of await copiesOnDisk(deps, [...projects.values()])) {
    const run = await runOfCopy(deps, path);
    const facts = classify(deps, run);
    const repository = run === null ? undefined : projects.get(run.project_id)?.path;
    const stays = repository !== undefined && mayRemove(facts.state) && !(await deps.home.exists(repository));
    listed.push({ path, run, bytes: await deps.home.bytesBelow(path), ...(stays ? NOWHERE_TO_RESCUE : facts) });
  }
  return listed;
}

const NOWHERE_TO_RESCUE = { state: 'retained', reason: 'The repository of its project is gone: nothing could be rescued.' } as const;

/** In the home, and where projects keep their own: there other folders may lie too, which are none of ours. */
async function copiesOnDisk(deps: Deps, projects: readonly ProjectRow[]): Promise<string[]> {
  const paths = new Set(await deps.home.listWorktrees());
  for (const root of new Set(projects.map((project) => project.worktree_root))) {
    if (root === null) continue;
    for (const path of await deps.home.listWorktrees(root)) if (COPY_NAME.test(path)) paths.add(path);
  }
  return [...paths];
}

const COPY_NAME = /\/wt-([0-9a-f]{8})$/;

function classify(deps: Deps, run: RunRow | null): ReturnType<typeof classifyWorkingCopy> {
  const endedDaysAgo = run?.settled_at ? (deps.clock.nowMs() - Date.parse(run.settled_at)) / DAY_MS : null;
  return classifyWorkingCopy({
    status: run?.status ?? null,
    merged: run?.merged_commit != null,
    archived: run?.archived ?? false,
    endedDaysAgo,
  });
}

/** The run that has, had or is about to have its working copy there. */
export async function runOfCopy(deps: Pick<Deps, 'store'>, path: string): Promise<RunRow | null> {
  const prefix = COPY_NAME.exec(path)?.[1];
  if (prefix === undefined) return null;
  for (const id of await deps.store.runIdsByPrefix(prefix, 5)) {
    const run = await deps.store.run(id);
    if (run?.worktree_path === path) return run;
  }
  return null;
}

/** Orphans are named but never removed by themselves: what no run knows may be somebody's work. */
export async function collectWorkingCopies(deps: Deps, dryRun: boolean): Promise<OperationOutput<'worktrees.gc'>> {
  const removed: string[] = [];
  const kept: string[] = [];
  for (const copy of await listWorkingCopies(deps)) {
    const project = copy.run === null ? null : await deps.store.project(copy.run.project_id);
    if (copy.run === null || project === null || !mayRemove(copy.state)) {
      kept.push(copy.path);
      continue;
    }
    try {
      const gone =
        dryRun ||
        (await holdStill(deps, copy.run.id, async (run) => {
          // It may have been brought back since it was listed.
          if (!mayRemove(classify(deps, run).state)) return false;
          await removeWorkingCopy(deps, run, project);
          return true;
        }));
      (gone ? removed : kept).push(copy.path);
    } catch (error) {
      // It stays where it is; the others go on.
      kept.push(copy.path);
      await noteProblem(deps, 'worktree gc', error, copy.run.id);
    }
  }
  return { removed, kept };
}

type CleanupItem = OperationOutput<'cleanup.preview'>['items'][number];

export async function previewCleanup(deps: Deps): Promise<OperationOutput<'cleanup.preview'>> {
  const items = [...(await copyItems(deps)), ...(await runItems(deps)), ...(await rescueItems(deps))];
  return { items, bytes: items.reduce((sum, item) => sum + item.bytes, 0) };
}

async function copyItems(deps: Deps): Promise<CleanupItem[]> {
  return (await listWorkingCopies(deps))
    .filter((copy) => mayRemove(copy.state))
    .map((copy) => ({ kind: 'working copy', id: copy.run?.id ?? '', path: copy.path, bytes: copy.bytes, reason: copy.reason }));
}

async function runItems(deps: Deps): Promise<CleanupItem[]> {
  const items: CleanupItem[] = [];
  for (const { run, reason } of await runsOver(deps, MAX_ITEMS)) {
    const project = await deps.store.project(run.project_id);
    // Its working copy goes first, in a call of its own.
    if (project === null || run.worktree_state === 'present' || (await isRescueFresh(deps, project.path, run.id))) continue;
    const path = deps.home.logFolder(run.id);
    items.push({ kind: 'run', id: run.id, path, bytes: await deps.home.bytesBelow(path), reason });
  }
  return items;
}

/** Runs whose time on the books is over, up to `limit` of each rule. */
export async function runsOver(deps: Deps, limit: number): Promise<{ run: RunRow; reason: string }[]> {
  const over: { run: RunRow; reason: string }[] = [];
  for (const { statuses, setting } of RETENTION) {
    const days = deps.settings.get(setting);
    const before = iso(deps.clock.nowMs() - days * DAY_MS);
    for (const run of await deps.store.runsSettledBefore(before, [...statuses], limit))
      over.push({ run, reason: `${run.status} more than ${days} days ago` });
  }
  return over;
}

async function rescueItems(deps: Deps): Promise<CleanupItem[]> {
  const days = deps.settings.get('rescue_days');
  const before = deps.clock.nowMs() - days * DAY_MS;
  const items: CleanupItem[] = [];
  for (const project of await deps.store.projects()) {
    if (!(await deps.home.exists(project.path))) continue;
    for (const rescue of await deps.git.rescueRefs(project.path)) {
      const old = Date.parse(rescue.at) < before;
      if (old) items.push({ kind: 'rescue', id: rescue.runId, path: project.path, bytes: 0, reason: `rescued more than ${days} days ago` });
    }
  }
  return items;
}

export async function runCleanup(deps: Deps, actor: string): Promise<OperationOutput<'cleanup.run'>> {
  const done: CleanupItem[] = [];
  for (const item of (await previewCleanup(deps)).items) {
    try {
      if (await cleanUp(deps, item, actor)) done.push(item);
    } catch (error) {
      // What cannot be tidied stays; the event says why.
      await noteProblem(deps, `cleanup of ${item.kind} ${item.id.slice(0, 8)}`, error);
    }
  }
  return { items: done, bytes: done.reduce((sum, item) => sum + item.bytes, 0) };
}

/** False when it was left where it is, because it is wanted again. */
async function cleanUp(deps: Deps, item: CleanupItem, actor: string): Promise<boolean> {
  switch (item.kind) {
    case 'rescue':
      // The same call may have rescued a working copy of that run anew.
      if (item.path === null || (await isRescueFresh(deps, item.path, item.id))) return false;
      await deps.git.deleteRunRefs(item.path, item.id, ['rescue']);
      return true;
    case 'run':
      return forgetIfOver(deps, item.id, item.reason, actor);
    default:
      return (
        (await holdStill(deps, item.id, async (run) => {
          const project = await deps.store.project(run.project_id);
          // It may have been brought back since it was listed.
          if (project === null || !mayRemove(classify(deps, run).state)) return false;
          await removeWorkingCopy(deps, run, project);
          return true;
        })) ?? false
      );
  }
}

/**
 * Takes a run off the books, unless it was brought back since it was listed. Its working copy goes first, and the run stays for as long
 * as what was rescued of it: without the run nothing could bring it back. True when the run is gone.
 */
export async function forgetIfOver(deps: Deps, runId: string, why: string, actor: string): Promise<boolean> {
  const gone = await holdStill(deps, runId, async (run) => {
    const project = await deps.store.project(run.project_id);
    if (project === null || !isOver(deps, run)) return false;
    await removeWorkingCopy(deps, run, project);
    if (await isRescueFresh(deps, project.path, run.id)) return false;
    await forgetRun(deps, run, project.path);
    await unitOfWork(deps, (unit) => unit.record('run.forgotten', { run: run.id, title: run.title, why }, { actor }));
    return true;
  });
  return gone ?? false;
}

async function isRescueFresh(deps: Deps, projectPath: string, runId: string): Promise<boolean> {
  if (!(await deps.home.exists(projectPath))) return false;
  const before = deps.clock.nowMs() - deps.settings.get('rescue_days') * DAY_MS;
  return (await deps.git.rescueRefs(projectPath)).some((rescue) => rescue.runId === runId && Date.parse(rescue.at) >= before);
}

const RETENTION = [
  { statuses: ['completed'], setting: 'retention.completed_days' },
  { statuses: ['failed', 'cancelled'], setting: 'retention.failed_days' },
] as const;

function isOver(deps: Deps, run: RunRow): boolean {
  const rule = RETENTION.find(({ statuses }) => (statuses as readonly string[]).includes(run.status));
  if (rule === undefined || run.settled_at === null) return false;
  return Date.parse(run.settled_at) < deps.clock.nowMs() - deps.settings.get(rule.setting) * DAY_MS;
}

/**
 * Takes a run off the books. Its branch stays: it is the person's now; so does `refs/gluon/runs/<id>` where no branch has the work. Its
 * rescue ref runs out by itself. The row goes last: what a crash leaves is found through it and taken away the next time.
 */
export async function forgetRun(deps: Deps, run: RunRow, projectPath: string): Promise<void> {
  if (await deps.home.exists(projectPath))
    await deps.git.deleteRunRefs(projectPath, run.id, (await isOnABranch(deps, run, projectPath)) ? ['base', 'runs'] : ['base']);
  await deps.fault('forget.after-refs');
  await deps.transcripts.remove(run.id);
  for (const folder of [deps.home.sessionFolder(run.id), deps.home.trustedFolder(run.id), deps.home.logFolder(run.id)])
    await deps.home.removeFolder(folder);
  await deps.fault('forget.before-write');
  await unitOfWork(deps, async (unit) => {
    const current = await unit.tx.run(run.id);
    if (current?.status === 'pending' || current?.status === 'running') throw new GluonError('run_live', { run: run.id.slice(0, 8) });
    await unit.tx.deleteRun(run.id);
    unit.publish({ topic: 'board', type: 'run_removed', data: { id: run.id } });
  });
}

const MOST_BRANCHES = 1_000;

/** Whether a branch of the project has everything that the run made. False when that cannot be told: then nothing is taken away. */
async function isOnABranch(deps: Deps, run: RunRow, projectPath: string): Promise<boolean> {
  let tip: string;
  try {
    tip = await deps.git.resolveCommit(projectPath, `refs/gluon/runs/${run.id}`, projectPath);
  } catch (error) {
    // No work of it ever came in.
    if (isGluonError(error) && error.code === 'base_not_found') return false;
    throw error;
  }
  const branches = await deps.git.branches(projectPath, { prefix: null, limit: MOST_BRANCHES });
  const likely = [run.branch_name, run.base_branch];
  branches.sort((one, other) => Number(likely.includes(other.name)) - Number(likely.includes(one.name)));
  for (const { commit } of branches) if (commit === tip || (await deps.git.isAncestor(projectPath, tip, commit))) return true;
  return false;
}
