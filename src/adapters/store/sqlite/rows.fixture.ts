/** Rows for tests: whole and legal, with what a test cares about put over them. */
import { untouchedRun } from '../../../core/run/untouched-run.ts';
import type { AttemptRow, ModelCallRow, ProjectRow, RunRow } from '../../../ports/store.ts';

const AT = '2026-11-01T10:00:00.000Z';
let made = 0;

export function newId(): string {
  made += 1;
  return made.toString(16).padStart(32, '0');
}

export function projectRow(over: Partial<ProjectRow> = {}): ProjectRow {
  const id = over.id ?? newId();
  return {
    id,
    name: `project-${id.slice(-6)}`,
    path: `/repositories/${id}`,
    workspace_id: null,
    base_branch: null,
    branch_template: null,
    worktree_root: null,
    max_concurrent_runs: null,
    egress: null,
    sandbox: null,
    egress_allowed: [],
    fetched_at: null,
    created_at: AT,
    ...over,
  };
}

export function runRow(projectId: string, over: Partial<RunRow> = {}): RunRow {
  return {
    ...untouchedRun(),
    id: newId(),
    project_id: projectId,
    title: 'A title',
    prompt: 'A prompt',
    profile: 'standard',
    agent: 'claude',
    model: null,
    effort: null,
    sandbox: 'strict',
    egress: 'packages',
    egress_allowed: [],
    use_worktree: true,
    branch_name: null,
    base_branch: null,
    base_commit: null,
    config_commit: null,
    worktree_path: null,
    forked_from: null,
    fork_session_id: null,
    max_cost_usd: 10,
    max_turns: null,
    max_duration_minutes: null,
    question_policy: 'park',
    next_attempt: null,
    initiator: 'person',
    created_at: AT,
    queued_at: AT,
    updated_at: AT,
    ...over,
  };
}

export function attemptRow(runId: string, over: Partial<AttemptRow> = {}): AttemptRow {
  return {
    id: newId(),
    run_id: runId,
    number: 1,
    kind: 'start',
    state: 'live',
    outcome: null,
    detail: null,
    exit_code: null,
    exit_signal: null,
    session_id: `session-${runId}`,
    epoch: 1,
    pid: null,
    agent_version: null,
    sandbox: 'strict',
    caps: null,
    base_commit: null,
    head_commit: null,
    cost_usd: null,
    started_at: AT,
    ended_at: null,
    worker_id: 'worker',
    lease_expires_at: null,
    pid_started: null,
    cgroup: null,
    resumable: false,
    prompt: 'A prompt',
    ...over,
  };
}

export function callRow(run: RunRow, over: Partial<ModelCallRow> = {}): ModelCallRow {
  return {
    id: newId(),
    run_id: run.id,
    project_id: run.project_id,
    attempt_id: newId(),
    at: AT,
    provider: 'anthropic',
    model: 'model-a',
    state: 'settled',
    reserved_usd: 0.5,
    cost_usd: 0.25,
    input_tokens: 100,
    output_tokens: 10,
    cache_read_tokens: 1,
    cache_write_tokens: 2,
    status: 200,
    latency_ms: 12,
    wait_ms: 0,
    ...over,
  };
}
