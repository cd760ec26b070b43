/** One attempt from claim to finish: working copy → sandbox → agent → import → finish. Each step can fail, each failure is a named outcome. */
import { isGluonError } from '../../contract/errors.ts';
import type { ProjectFile } from '../../contract/project-file.ts';
import type { AttemptEnd } from '../../core/run/outcome.ts';
import type { AgentDone } from '../../ports/agent.ts';
import type { ProjectRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { noteProblem } from '../problems.ts';
import { makeRecoveryPrompt } from '../recovery-prompt.ts';
import { type AttemptControl, attemptControl } from './attempt-control.ts';
import type { Claim } from './claim-attempt.ts';
import { converse } from './converse.ts';
import { endOfAgent, endOfFailure, stopThatCounts } from './end-of-attempt.ts';
import { finishAttempt } from './finish-attempt.ts';
import { homecoming } from './import-work.ts';
import { openAttempt } from './open-attempt.ts';
import { unheardBy } from './unheard.ts';
import { prepareWorkingCopy } from './working-copy.ts';

/** Never throws: whatever happens, the attempt is finished. */
export async function runAttempt(deps: Deps, claim: Claim): Promise<void> {
  const control = attemptControl(deps, claim);
  deps.live.add(control.live);
  const hadSession = claim.session.kind === 'resume';
  let done: AgentDone | null = null;
  let end: AttemptEnd;
  try {
    done = await work(deps, claim, control);
    end = endOfAgent(done, stopThatCounts(done, control.stopReason()), hadSession, control.heldBack());
  } catch (error) {
    const agentRan = (await deps.store.attempt(claim.attempt.id).catch(() => null))?.resumable === true;
    end = endOfFailure(error, control.stopReason(), { hadSession, agentRan });
    if (control.stopReason() === null && !isGluonError(error)) await noteProblem(deps, 'attempt', error, claim.run.id);
  }
  const stop = stopThatCounts(done, control.stopReason());
  try {
    await finishAttempt(deps, {
      attempt: claim.attempt,
      end,
      stop,
      agentCostUsd: done?.agentCostUsd ?? null,
      costBefore: claim.run.cost_usd,
      recoveryPrompt: await recoveryPromptFor(deps, claim, end),
      unheard: stop === 'shutdown' || end.outcome === 'lost' ? await unheardBy(deps, claim.attempt) : null,
    });
  } catch (error) {
    // The store failed: the attempt stays live in it without a process, which is what reconcile repairs.
    await noteProblem(deps, 'finish', error, claim.run.id);
  } finally {
    deps.live.remove(control.live);
    control.finished();
    deps.wake();
  }
}

/** Only where the end may lead to a recovery. A digest that cannot be made gives way to the task itself. */
async function recoveryPromptFor(deps: Deps, claim: Claim, end: AttemptEnd): Promise<string | null> {
  if (end.outcome !== 'context_overflow' && end.sessionGone !== true) return null;
  try {
    return await makeRecoveryPrompt(deps, claim.run);
  } catch (error) {
    await noteProblem(deps, 'recovery prompt', error, claim.run.id);
    return claim.run.prompt;
  }
}

async function work(deps: Deps, claim: Claim, control: AttemptControl): Promise<AgentDone> {
  const { run } = claim;
  const project = await deps.store.project(run.project_id);
  if (project === null) throw new Error('the project of the run is gone');
  const file = await readProjectFile(deps, project, run.config_commit);
  const copy = await prepareWorkingCopy(deps, run, project, file);
  control.check();
  const open = await openAttempt(deps, claim, project, file, copy, control);
  try {
    control.check();
    const { confinement } = open;
    const home = homecoming(deps, { run, project, file, workingCopy: copy.path, confinement, leftovers: true });
    try {
      return await converse(deps, { claim, project, file, copy, open, control, home });
    } finally {
      // Before the sandbox is gone; nobody may be left writing while we read.
      await deps.fault('attempt.before-import');
      await home.take();
      await deps.fault('attempt.after-import');
    }
  } finally {
    await open.close();
  }
}

async function readProjectFile(deps: Deps, project: ProjectRow, commit: string | null): Promise<ProjectFile | null> {
  return commit === null ? null : deps.git.projectFile(project.path, commit);
}
