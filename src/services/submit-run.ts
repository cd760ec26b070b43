/** Accepts work: checks everything that can be checked before anything exists, then writes the run. */
import { GluonError } from '../contract/errors.ts';
import type { ParsedInput } from '../contract/operations.ts';
import type { ProjectFile } from '../contract/project-file.ts';
import { parseBranchName } from '../core/git/branch-name.ts';
import { titleOf } from '../core/run/title.ts';
import { untouchedRun } from '../core/run/untouched-run.ts';
import type { ProjectRow, RunRow } from '../ports/store.ts';
import { orAbandon } from './abandon-run.ts';
import { type Deps, now } from './deps.ts';
import { findProject } from './find.ts';
import { NO_FACTS, renderRun } from './render-run.ts';
import { unitOfWork } from './unit-of-work.ts';

export type SubmitInput = ParsedInput<'runs.create'>;

/** A prompt is sent with every model call of the run: more belongs into a file. */
export const MAX_PROMPT_BYTES = 500_000;
const DEFAULT_TEMPLATE = 'gluon-task/{id8}';

export async function submitRun(deps: Deps, input: SubmitInput, actor: string): Promise<RunRow> {
  const reference = input.project ?? input.project_id ?? input.project_name;
  if (reference === undefined) throw new GluonError('bad_request', { why: 'project is missing' });
  checkPrompt(input.prompt);
  const project = await findProject(deps.store, reference);
  const checkedOut = await checkedOutBranch(deps, project);
  const id = deps.random.id();
  const base = await chooseBase(deps, project, input, checkedOut);
  const file = await deps.git.projectFile(project.path, base.configCommit);
  const branch = input.use_worktree ? await chooseBranch(deps, project, file, input.branch, id) : checkedOut;
  const row = newRun(deps, { id, project, input, file, base, branch, actor });
  await checkAgent(deps, row);
  for (const image of row.images) {
    if ((await deps.store.attachment(image)) === null) throw new GluonError('attachment_not_found', { id: image });
  }
  await orAbandon(deps, { id, projectPath: project.path }, () => writeRun(deps, project, row));
  await deps.fault('submit.after-write');
  deps.wake();
  return row;
}

/** The base is held first: a person may rewrite history and prune while the run waits. */
async function writeRun(deps: Deps, project: ProjectRow, row: RunRow): Promise<void> {
  if (row.base_commit !== null) await deps.git.holdBase(project.path, row.id, row.base_commit);
  await deps.fault('submit.before-write');
  await unitOfWork(deps, async (unit) => {
    await unit.tx.insertRun(row);
    for (const image of row.images) await unit.tx.linkAttachment(row.id, image);
    await unit.record(
      'run.created',
      { project: project.name, branch: row.branch_name, base_commit: row.base_commit },
      { runId: row.id, actor: row.initiator },
    );
    const run = renderRun(row, project.name, NO_FACTS);
    unit.publish({ topic: 'board', type: 'run_created', data: run });
  });
}

export function checkPrompt(prompt: string): void {
  if (prompt.trim() === '') throw new GluonError('prompt_empty');
  const bytes = Buffer.byteLength(prompt);
  if (bytes > MAX_PROMPT_BYTES) throw new GluonError('prompt_too_long', { bytes, limit: MAX_PROMPT_BYTES });
}

/** What a project must be was checked when it was added; here only that it is still there. */
async function checkedOutBranch(deps: Deps, project: ProjectRow): Promise<string | null> {
  if (!(await deps.home.exists(project.path))) throw new GluonError('repository_missing', { project: project.name, path: project.path });
  return deps.git.checkedOutBranch(project.path);
}

interface Base {
  /** Null when the run starts from a commit that is no branch. */
  branch: string | null;
  commit: string;
  /** Where `.gluon.yml` is read: never a commit that an agent made and nobody took over. */
  configCommit: string;
}

async function chooseBase(deps: Deps, project: ProjectRow, input: SubmitInput, checkedOut: string | null): Promise<Base> {
  if (input.include_uncommitted) {
    const { configCommit } = await ownBase(deps, project, checkedOut);
    return { branch: checkedOut, commit: await deps.git.snapshotUncommitted(project.path), configCommit };
  }
  if (!input.use_worktree) {
    const commit = await deps.git.resolveCommit(project.path, 'HEAD', project.name);
    return { branch: checkedOut, commit, configCommit: commit };
  }
  if (input.base === undefined) return ownBase(deps, project, checkedOut);
  const named = await namedBase(deps, project, input.base);
  const byPeople = named.branch !== null && !(await madeByRun(deps, project, named.branch));
  return byPeople ? named : { ...named, configCommit: (await ownBase(deps, project, checkedOut)).configCommit };
}

/** The base branch of the project itself. */
async function ownBase(deps: Deps, project: ProjectRow, checkedOut: string | null): Promise<Base> {
  if (project.base_branch !== null) return namedBase(deps, project, project.base_branch);
  const commit = await deps.git.resolveCommit(project.path, checkedOut ?? 'HEAD', project.name);
  // `.gluon.yml` of the checked-out commit may name another base branch.
  const named = (await deps.git.projectFile(project.path, commit))?.base_branch;
  return named === undefined ? { branch: checkedOut, commit, configCommit: commit } : namedBase(deps, project, named);
}

async function namedBase(deps: Deps, project: ProjectRow, name: string): Promise<Base> {
  const commit = await deps.git.resolveCommit(project.path, name, project.name);
  return { branch: (await deps.git.branchExists(project.path, name)) ? name : null, commit, configCommit: commit };
}

/** Also by one that is off the books: the branch is what the agent made, as before. */
export async function madeByRun(deps: Pick<Deps, 'store'>, project: Pick<ProjectRow, 'id'>, branch: string): Promise<boolean> {
  if (branch.startsWith('gluon-task/') || (await deps.store.runByBranch(project.id, branch)) !== null) return true;
  return deps.store.isForgottenBranch(project.id, branch);
}

async function chooseBranch(
  deps: Deps,
  project: ProjectRow,
  file: ProjectFile | null,
  wanted: string | undefined,
  id: string,
): Promise<string> {
  const template = project.branch_template ?? file?.branch_template ?? DEFAULT_TEMPLATE;
  const branch = wanted ?? template.replaceAll('{id8}', id.slice(0, 8)).replaceAll('{id}', id);
  if (parseBranchName(branch) === null) throw new GluonError('branch_name_invalid', { name: branch });
  const taken = (await deps.git.branchExists(project.path, branch)) || (await deps.store.runByBranch(project.id, branch)) !== null;
  if (taken) throw new GluonError('branch_exists', { name: branch });
  return branch;
}

/** Model of a run that names none: the profile's, else the default. */
export function modelOf(deps: Pick<Deps, 'settings'>, run: Pick<RunRow, 'model' | 'profile'>): string {
  if (run.model !== null) return run.model;
  const profile =
    run.profile === 'quick' ? deps.settings.get('model.quick') : run.profile === 'deep' ? deps.settings.get('model.deep') : '';
  return profile === '' ? deps.settings.get('model.default') : profile;
}

/** The agent must exist, a model credential must be there, and a money cap must be one that can be kept. */
export async function checkAgent(deps: Deps, run: Pick<RunRow, 'agent' | 'model' | 'profile' | 'max_cost_usd'>): Promise<void> {
  const agent = deps.agents.get(run.agent);
  if (agent === undefined) throw new GluonError('agent_unknown', { agent: run.agent, known: [...deps.agents.keys()].join(', ') });
  await agent.mounts();
  if (agent.usesGateway === false) return;
  if ((await deps.credentials.current()) === null) throw new GluonError('credential_missing');
  const model = modelOf(deps, run);
  if (run.max_cost_usd !== null && !deps.priceKnown(model)) throw new GluonError('price_unknown', { model });
}

interface Parts {
  id: string;
  project: ProjectRow;
  input: SubmitInput;
  file: ProjectFile | null;
  base: Base;
  branch: string | null;
  actor: string;
}

function newRun(deps: Deps, parts: Parts): RunRow {
  const { input, project, file } = parts;
  const at = now(deps);
  const cap = input.max_cost_usd ?? deps.settings.get('max_cost_usd');
  const minutes = input.max_duration_minutes ?? deps.settings.get('max_duration_minutes');
  return {
    ...untouchedRun(),
    id: parts.id,
    project_id: project.id,
    title: input.title ?? titleOf(input.prompt),
    prompt: input.prompt,
    profile: input.profile,
    agent: input.agent,
    model: input.model ?? null,
    effort: input.effort ?? null,
    plan_first: input.plan ?? input.profile === 'planning',
    sandbox: input.sandbox ?? project.sandbox ?? deps.settings.get('sandbox'),
    egress: input.egress ?? project.egress ?? file?.egress ?? deps.settings.get('egress'),
    egress_allowed: [],
    use_worktree: input.use_worktree,
    branch_name: parts.branch,
    base_branch: parts.base.branch,
    base_commit: parts.base.commit,
    config_commit: parts.base.configCommit,
    worktree_path: input.use_worktree ? null : project.path,
    forked_from: null,
    fork_session_id: null,
    max_cost_usd: cap > 0 ? cap : null,
    max_turns: input.max_turns ?? null,
    max_duration_minutes: minutes > 0 ? minutes : null,
    question_policy: input.question_policy ?? deps.settings.get('question_policy'),
    next_attempt: { kind: 'start', prompt: input.prompt, images: input.images, resume: false, not_before: null, by: parts.actor },
    images: input.images,
    initiator: parts.actor,
    created_at: at,
    queued_at: at,
    updated_at: at,
  };
}
