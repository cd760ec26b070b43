/** Brings the agent's commits into the project, where they outlive the working copy. */
import { isGluonError } from '../../contract/errors.ts';
import type { ProjectFile } from '../../contract/project-file.ts';
import type { ImportSpec, PreparedImport, RunConfined } from '../../ports/git.ts';
import type { Confinement } from '../../ports/sandbox.ts';
import type { ProjectRow, RunRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { noteProblem, reasonOf } from '../problems.ts';
import { unitOfWork } from '../unit-of-work.ts';

/** A single attempt that writes more than this into history has gone wrong; the working copy keeps it. */
const MAX_PACK_BYTES = 1024 * 1024 * 1024;
const MAX_OBJECTS = 500_000;
const IMPORT_TIMEOUT_MS = 120_000;

export interface ImportRequest {
  run: RunRow;
  project: ProjectRow;
  file: ProjectFile | null;
  workingCopy: string;
  confinement: Confinement;
  /** Commit what the agent left uncommitted. */
  leftovers: boolean;
}

export function confinedGit(confinement: Confinement): RunConfined {
  return async (command) => {
    const end = await confinement.run({ timeoutMs: IMPORT_TIMEOUT_MS, ...command, offline: true });
    return { exitCode: end.exitCode, stdout: end.stdout, stderr: end.stderr };
  };
}

/** Brings the work of a run home in two steps: its process can start before the agent has ended. */
export interface Homecoming {
  /** The agent ends: get ready. */
  prepare(): void;
  /** It has ended: nobody writes in the working copy any more. */
  look(): void;
  /** As `importWork`. */
  take(): Promise<{ head: string; commits: number } | null>;
}

export function homecoming(deps: Omit<Deps, 'wake'>, request: ImportRequest): Homecoming {
  let prepared: PreparedImport | null = null;
  return {
    prepare() {
      if (request.run.use_worktree && request.run.base_commit !== null)
        prepared ??= deps.git.prepareImport(importSpec(request), confinedGit(request.confinement));
    },
    look: () => prepared?.look(),
    take: () => importWork(deps, request, prepared),
  };
}

/** The run's facts after the import; null when nothing could be taken (an event says why). */
export async function importWork(
  deps: Omit<Deps, 'wake'>,
  request: ImportRequest,
  prepared: PreparedImport | null = null,
): Promise<{ head: string; commits: number } | null> {
  const { run, project } = request;
  if (run.base_commit === null) return null;
  try {
    const head = run.use_worktree ? await takeCommits(deps, request, prepared) : await headOfCheckout(deps, project);
    return await recordImport(deps, request, head);
  } catch (error) {
    // The working copy still holds everything; the run goes on and says what is missing.
    const why = reasonOf(error);
    await unitOfWork(deps, (unit) => unit.record('work.import_refused', { why }, { runId: run.id, actor: 'gluon' }));
    if (!isGluonError(error)) await noteProblem(deps, 'import', error, run.id);
    return null;
  }
}

interface Taken {
  head: string;
  autoCommitted: boolean;
  /** Sentences for people: what was left out, or where the branch could not be moved. */
  notices: string[];
}

async function takeCommits(deps: Omit<Deps, 'wake'>, request: ImportRequest, prepared: PreparedImport | null): Promise<Taken> {
  await deps.fault('import.before-transfer');
  const result = await (prepared?.take() ?? deps.git.importWork(importSpec(request), confinedGit(request.confinement)));
  await deps.fault('import.after-transfer');
  return { head: result.head, autoCommitted: result.autoCommitted, notices: result.notices ?? [] };
}

function importSpec({ run, project, file, workingCopy, leftovers }: ImportRequest): ImportSpec {
  const autoCommit = leftovers && file?.auto_commit !== false;
  return {
    runId: run.id,
    projectPath: project.path,
    workingCopy,
    branch: run.branch_name ?? '',
    since: run.base_commit ?? '',
    autoCommit: autoCommit ? { message: `Work of run ${run.id.slice(0, 8)}: ${run.title}`, exclude: file?.copy ?? [] } : null,
    maxBytes: MAX_PACK_BYTES,
    maxObjects: MAX_OBJECTS,
  };
}

async function headOfCheckout(deps: Omit<Deps, 'wake'>, project: ProjectRow): Promise<Taken> {
  return { head: await deps.git.resolveCommit(project.path, 'HEAD', project.name), autoCommitted: false, notices: [] };
}

async function recordImport(deps: Omit<Deps, 'wake'>, request: ImportRequest, taken: Taken): Promise<{ head: string; commits: number }> {
  const { run, project } = request;
  const base = run.base_commit ?? taken.head;
  const current = await deps.store.run(run.id);
  if (current?.head_commit === taken.head) return { head: taken.head, commits: current.commit_count };
  const [commits, files] = await Promise.all([
    deps.git.countCommits(project.path, base, taken.head),
    deps.git.changes(project.path, base, taken.head),
  ]);
  const sum = (pick: (file: (typeof files)[number]) => number | null) => files.reduce((total, file) => total + (pick(file) ?? 0), 0);
  await deps.fault('import.before-write');
  await unitOfWork(deps, async (unit) => {
    const done = await unit.updateRun(
      run.id,
      {
        head_commit: taken.head,
        commit_count: commits,
        files_changed: files.length,
        insertions: sum((file) => file.insertions),
        deletions: sum((file) => file.deletions),
      },
      { epoch: run.epoch },
    );
    if (done && taken.head !== base) {
      await unit.record(
        'work.imported',
        { head: taken.head, commits, auto_commit: taken.autoCommitted, notices: taken.notices },
        { runId: run.id, actor: 'gluon' },
      );
    }
  });
  return { head: taken.head, commits };
}
