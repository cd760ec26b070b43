/** What people say to a run: messages to a live agent, resumes, forks, recoveries. */
import { GluonError } from '../contract/errors.ts';
import { CONTINUE_PROMPT, PLAN_APPROVED_PROMPT } from '../core/run/prompts.ts';
import { titleOf } from '../core/run/title.ts';
import { untouchedRun } from '../core/run/untouched-run.ts';
import type { FollowUpRow, ProjectRow, RunRow } from '../ports/store.ts';
import { orAbandon } from './abandon-run.ts';
import { type Deps, now } from './deps.ts';
import { findRun, projectOf } from './find.ts';
import { changed } from './move-run.ts';
import { makeRecoveryPrompt } from './recovery-prompt.ts';
import { NO_FACTS, renderRun } from './render-run.ts';
import { queueRun } from './resume-run.ts';
import { checkAgent, checkPrompt } from './submit-run.ts';
import { type Unit, unitOfWork } from './unit-of-work.ts';

/**
 * Queued while an attempt lives or is about to; otherwise the run is resumed with it. `together` is written with the message or not at
 * all.
 */
export async function sendToRun(
  deps: Deps,
  input: { run: string; text: string; now: boolean; images: string[] },
  actor: string,
  together: (unit: Unit) => Promise<void> = async () => {},
): Promise<FollowUpRow> {
  checkPrompt(input.text);
  const run = await findRun(deps.store, input.run);
  await checkImages(deps, input.images);
  const live = run.status === 'running' || run.status === 'pending';
  const message: FollowUpRow = {
    id: deps.random.id(),
    run_id: run.id,
    text: input.text,
    images: input.images,
    state: live ? 'queued' : 'delivered',
    now: input.now,
    by: actor,
    created_at: now(deps),
    delivered_at: live ? null : now(deps),
  };
  if (!live) await checkAgent(deps, run);
  await deps.fault('message.before-write');
  await unitOfWork(deps, async (unit) => {
    await together(unit);
    await unit.tx.insertFollowUp(message);
    for (const image of input.images) await unit.tx.linkAttachment(run.id, image);
    if (!live) return resumeIn(deps, unit, run, { prompt: input.text, images: input.images, actor });
    const current = await unit.tx.run(run.id);
    if (current === null || (current.status !== 'running' && current.status !== 'pending')) throw changed(current ?? run);
    await unit.updateRun(run.id, { queued_messages: current.queued_messages + 1 });
    await unit.record('follow_up.queued', { follow_up: message.id, now: input.now }, { runId: run.id, actor });
    unit.publish({ topic: `run:${run.id}`, type: 'follow_ups_updated', data: { id: run.id, queued: current.queued_messages + 1 } });
  });
  await deps.fault('message.after-write');
  if (live) deps.live.get(run.id)?.messagesChanged(input.now);
  else deps.wake();
  return message;
}

async function checkImages(deps: Deps, images: string[]): Promise<void> {
  for (const image of images)
    if ((await deps.store.attachment(image)) === null) throw new GluonError('attachment_not_found', { id: image });
}

/** Changes a queued message (`text`), or takes it back (null). Throws `follow_up_not_found` once the agent has it. */
export async function changeFollowUp(
  deps: Deps,
  input: { run: string; id: string; text: string | null },
  actor: string,
): Promise<FollowUpRow> {
  if (input.text !== null) checkPrompt(input.text);
  const run = await findRun(deps.store, input.run);
  return unitOfWork(deps, async (unit) => {
    const patch = input.text === null ? { state: 'withdrawn' as const } : { text: input.text };
    const message = (await unit.tx.followUps(run.id)).find((one) => one.id === input.id);
    if (message === undefined || !(await unit.tx.updateFollowUp(input.id, patch, 'queued')))
      throw new GluonError('follow_up_not_found', { id: input.id });
    if (input.text === null) {
      const current = await unit.tx.run(run.id);
      await unit.updateRun(run.id, { queued_messages: Math.max(0, (current?.queued_messages ?? 1) - 1) });
      await unit.record('follow_up.withdrawn', { follow_up: input.id }, { runId: run.id, actor });
    }
    return { ...message, ...patch };
  });
}

export async function resumeRun(
  deps: Deps,
  input: { run: string; prompt?: string; model?: string; images: string[] },
  actor: string,
): Promise<string> {
  if (input.prompt !== undefined) checkPrompt(input.prompt);
  const run = await findRun(deps.store, input.run);
  if (run.status === 'running' || run.status === 'pending') throw new GluonError('run_live', { run: run.id.slice(0, 8) });
  await checkImages(deps, input.images);
  const model = input.model ?? run.model;
  await checkAgent(deps, { ...run, model });
  await unitOfWork(deps, async (unit) => {
    if (model !== run.model) await unit.updateRun(run.id, { model });
    await resumeIn(deps, unit, run, { prompt: input.prompt, images: input.images, actor });
  });
  await deps.fault('resume.after-write');
  deps.wake();
  return run.id;
}

interface Resume {
  prompt: string | undefined;
  images: string[];
  actor: string;
}

async function resumeIn(deps: Deps, unit: Unit, run: RunRow, resume: Resume): Promise<void> {
  const session = run.session_id !== null || run.fork_session_id !== null;
  if (!session && resume.prompt === undefined && run.attempts === 0) throw new GluonError('nothing_to_resume', { run: run.id.slice(0, 8) });
  const planned = run.plan_first && run.outcome === 'completed';
  const fallback = planned ? PLAN_APPROVED_PROMPT : CONTINUE_PROMPT;
  // Without a session the agent knows nothing yet: the task comes first, then what the person adds.
  const prompt = session ? (resume.prompt ?? fallback) : [run.prompt, resume.prompt].filter((part) => part !== undefined).join('\n\n');
  const done = await queueRun(
    unit,
    run,
    {
      kind: session ? 'resume' : 'start',
      prompt,
      images: resume.images,
      resume: session,
      notBefore: null,
      waiting: null,
      by: resume.actor,
      automatic: false,
      why: 'A person resumed the run.',
      at: now(deps),
    },
    { maxAutoResumes: 0 },
    { status: ['review', 'completed', 'failed', 'cancelled'] },
  );
  if (!done) throw changed(run);
  // A person who goes on without changing the plan approves it.
  if (planned) await unit.updateRun(run.id, { plan_first: resume.prompt !== undefined });
}

/** A new run from the session and the branch of this one. Both go their own ways from here. */
export async function forkRun(deps: Deps, input: { run: string; prompt: string; title?: string }, actor: string): Promise<string> {
  checkPrompt(input.prompt);
  const source = await findRun(deps.store, input.run);
  const project = await projectOf(deps.store, source);
  if (source.session_id === null) throw new GluonError('nothing_to_resume', { run: source.id.slice(0, 8) });
  // Its session folder is copied below, and an agent that lives could change it under the copy.
  if (source.status === 'running') throw new GluonError('run_live', { run: source.id.slice(0, 8) });
  await checkAgent(deps, source);
  const id = deps.random.id();
  const at = now(deps);
  const fork: RunRow = {
    ...source,
    ...untouchedRun(),
    id,
    title: input.title ?? titleOf(input.prompt),
    prompt: input.prompt,
    branch_name: source.use_worktree ? `gluon-task/${id.slice(0, 8)}` : source.branch_name,
    base_commit: source.head_commit ?? source.base_commit,
    worktree_path: source.use_worktree ? null : source.worktree_path,
    forked_from: source.id,
    fork_session_id: source.session_id,
    next_attempt: { kind: 'start', prompt: input.prompt, images: [], resume: false, not_before: null, by: actor },
    initiator: actor,
    created_at: at,
    queued_at: at,
    updated_at: at,
  };
  await orAbandon(deps, { id, projectPath: project.path }, async () => {
    await deps.home.noteUnfinished(id);
    // The vendor keeps its sessions in the session folder: the fork needs its own copy of it.
    await deps.home.copyFolder(deps.home.sessionFolder(source.id), deps.home.sessionFolder(id));
    await deps.transcripts.copy(source.id, id);
    await writeFork(deps, project, source, fork);
    await deps.fault('fork.after-write');
  }).finally(() => deps.home.clearUnfinished(id));
  deps.wake();
  return id;
}

async function writeFork(deps: Deps, project: ProjectRow, source: RunRow, fork: RunRow): Promise<void> {
  if (fork.base_commit !== null) await deps.git.holdBase(project.path, fork.id, fork.base_commit);
  await deps.fault('fork.before-write');
  await unitOfWork(deps, async (unit) => {
    const actor = fork.initiator;
    await unit.tx.insertRun(fork);
    await unit.record(
      'run.created',
      { project: project.name, branch: fork.branch_name, base_commit: fork.base_commit },
      { runId: fork.id, actor },
    );
    await unit.record('run.forked', { into: fork.id }, { runId: source.id, actor });
    unit.publish({ topic: 'board', type: 'run_created', data: renderRun(fork, project.name, NO_FACTS) });
  });
}

/** Goes on in a fresh session with a digest; with `fresh` in a new run on the same work. */
export async function recoverRun(deps: Deps, input: { run: string; fresh: boolean }, actor: string): Promise<string> {
  const run = await findRun(deps.store, input.run);
  if (run.status === 'running' || run.status === 'pending') throw new GluonError('run_live', { run: run.id.slice(0, 8) });
  await checkAgent(deps, run);
  const prompt = await makeRecoveryPrompt(deps, run);
  if (input.fresh) return freshRecovery(deps, run, prompt, actor);
  await unitOfWork(deps, async (unit) => {
    const restart = {
      kind: 'recovery' as const,
      prompt,
      images: [],
      resume: false,
      notBefore: null,
      waiting: null,
      by: actor,
      automatic: false,
    };
    const done = await queueRun(
      unit,
      run,
      { ...restart, why: 'A person asked for a recovery.', at: now(deps) },
      { maxAutoResumes: 0 },
      { status: run.status },
    );
    if (!done) throw changed(run);
    await unit.updateRun(run.id, { recoveries: run.recoveries + 1 });
  });
  deps.wake();
  return run.id;
}

async function freshRecovery(deps: Deps, source: RunRow, prompt: string, actor: string): Promise<string> {
  const project = await projectOf(deps.store, source);
  const id = deps.random.id();
  const at = now(deps);
  const row: RunRow = {
    ...source,
    ...untouchedRun(),
    id,
    title: `Recovery of ${source.id.slice(0, 8)}: ${source.title}`.slice(0, 200),
    branch_name: source.use_worktree ? `gluon-task/${id.slice(0, 8)}` : source.branch_name,
    base_commit: source.head_commit ?? source.base_commit,
    worktree_path: source.use_worktree ? null : source.worktree_path,
    forked_from: source.id,
    fork_session_id: null,
    recoveries: 1,
    next_attempt: { kind: 'recovery', prompt, images: [], resume: false, not_before: null, by: actor },
    initiator: actor,
    created_at: at,
    queued_at: at,
    updated_at: at,
  };
  await deps.fault('recover.before-write');
  await orAbandon(deps, { id, projectPath: project.path }, () => writeFork(deps, project, source, row));
  deps.wake();
  return id;
}
