/**
 * All tables of the store port. Times are ISO 8601 text in UTC with milliseconds, so that they sort as text; booleans are 0 or 1;
 * structured fields are JSON text.
 */
export const statements: readonly string[] = [
  `create table workspaces (
    id text primary key, name text not null unique, path text not null, created_at text not null
  ) strict`,
  `create table projects (
    id text primary key, name text not null unique, path text not null, workspace_id text references workspaces (id) on delete set null,
    base_branch text, branch_template text, worktree_root text, max_concurrent_runs integer, egress text, sandbox text,
    egress_allowed text not null, fetched_at text, created_at text not null
  ) strict`,
  // `number` follows the order of insertion and survives a vacuum: the search index hangs on it.
  `create table runs (
    number integer primary key autoincrement, id text not null unique, project_id text not null references projects (id),
    title text not null, prompt text not null, status text not null, outcome text, outcome_detail text, waiting text,
    profile text not null, agent text not null, model text, effort text, plan_first integer not null, sandbox text not null,
    egress text not null, egress_allowed text not null, egress_refused text not null, use_worktree integer not null,
    branch_name text, base_branch text, base_commit text, head_commit text, worktree_path text, worktree_state text not null,
    session_id text, forked_from text, fork_session_id text, merged_commit text,
    cost_usd real, agent_cost_usd real, input_tokens integer not null, output_tokens integer not null,
    cache_read_tokens integer not null, cache_write_tokens integer not null, model_calls integer not null,
    reserved_usd real not null, max_cost_usd real, max_turns integer, max_duration_minutes real, question_policy text not null,
    epoch integer not null, attempts integer not null, auto_resumes integer not null, recoveries integer not null,
    pending_questions integer not null, queued_messages integer not null, commit_count integer not null,
    files_changed integer not null, insertions integer not null, deletions integer not null, next_attempt text,
    ports text not null, images text not null, initiator text not null, archived integer not null,
    seq integer not null, transcript_seq integer not null,
    created_at text not null, queued_at text not null, started_at text, ended_at text, updated_at text not null
  ) strict`,
  // Lists are merged from one seek per (archived, status): none of them reads more rows than the page holds.
  'create index runs_list on runs (archived, status, created_at, id)',
  'create index runs_list_of_project on runs (project_id, archived, status, created_at, id)',
  'create index runs_queue on runs (status, queued_at)',
  'create index runs_ended on runs (status, ended_at) where ended_at is not null',
  'create index runs_session on runs (session_id) where session_id is not null',
  'create index runs_branch on runs (project_id, branch_name) where branch_name is not null',
  `create index runs_ports on runs (ports) where ports <> '[]'`,

  `create table attempts (
    id text primary key, run_id text not null references runs (id) on delete cascade, number integer not null, kind text not null,
    state text not null, outcome text, detail text, exit_code integer, exit_signal text, session_id text not null,
    epoch integer not null, pid integer, agent_version text, sandbox text, caps text, base_commit text, head_commit text,
    cost_usd real, started_at text not null, ended_at text, worker_id text not null, lease_expires_at text, pid_started text,
    cgroup text, resumable integer not null, prompt text not null, unique (run_id, number)
  ) strict`,
  `create index attempts_live on attempts (started_at) where state = 'live'`,
  'create index attempts_session on attempts (session_id, started_at)',
  `create table sessions (
    session_id text primary key, run_id text not null references runs (id) on delete cascade, project_id text not null,
    attempts integer not null, last_used_at text not null
  ) strict`,
  'create index sessions_used on sessions (last_used_at, session_id)',
  'create index sessions_used_of_project on sessions (project_id, last_used_at, session_id)',
  'create index sessions_run on sessions (run_id)',

  `create table questions (
    id text primary key, run_id text not null references runs (id) on delete cascade, attempt_id text not null, request_id text not null,
    state text not null, items text not null, answers text, answered_by text, asked_at text not null, expires_at text not null,
    answered_at text
  ) strict`,
  `create index questions_open on questions (asked_at) where state = 'open'`,
  'create index questions_run on questions (run_id, asked_at)',
  `create table follow_ups (
    id text primary key, run_id text not null references runs (id) on delete cascade, text text not null, images text not null,
    state text not null, now integer not null, by text not null, created_at text not null, delivered_at text
  ) strict`,
  'create index follow_ups_run on follow_ups (run_id, created_at)',
  `create table attachments (
    id text primary key, media_type text not null, bytes integer not null, width integer not null, height integer not null,
    created_at text not null
  ) strict`,
  `create table run_attachments (
    run_id text not null references runs (id) on delete cascade, attachment_id text not null references attachments (id),
    primary key (run_id, attachment_id)
  ) strict, without rowid`,
  'create index run_attachments_attachment on run_attachments (attachment_id)',

  `create table model_calls (
    id text primary key, run_id text not null references runs (id) on delete cascade, project_id text not null, attempt_id text not null,
    profile text not null, at text not null, provider text not null, model text not null, state text not null,
    reserved_usd real not null, cost_usd real, input_tokens integer not null, output_tokens integer not null,
    cache_read_tokens integer not null, cache_write_tokens integer not null, status integer, latency_ms real, wait_ms real not null
  ) strict`,
  `create index model_calls_unsettled on model_calls (at) where state = 'reserved'`,
  `create index model_calls_settled on model_calls (at) where state = 'settled'`,
  `create index model_calls_profile on model_calls (profile, at, output_tokens) where state = 'settled'`,
  'create index model_calls_run on model_calls (run_id, model)',

  `create table events (
    id integer primary key autoincrement, run_id text references runs (id) on delete cascade, seq integer, project_id text,
    type text not null, payload text not null, actor text not null, at text not null, unique (run_id, seq)
  ) strict`,
  'create index events_project on events (project_id, id)',
  'create index events_type on events (type, id)',
  'create index events_actor on events (actor, id)',

  `create table egress_log (
    number integer primary key, run_id text not null references runs (id) on delete cascade, at text not null, host text not null,
    port integer not null, allowed integer not null, reason text not null, bytes_up integer not null, bytes_down integer not null
  ) strict`,
  'create index egress_log_run on egress_log (run_id, number)',
  `create table idempotent_answers (
    key text primary key, fingerprint text not null, status integer not null, body text not null, at_ms integer not null
  ) strict, without rowid`,
  'create index idempotent_answers_at on idempotent_answers (at_ms)',
];
