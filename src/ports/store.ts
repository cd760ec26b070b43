/**
 * The store: state and events, written together. Rows are snake_case as in the database; times are ISO 8601 UTC text.
 * Every mutating method belongs to a transaction: `store.transaction(async (tx) => ...)`. Reads may happen outside.
 */

import type { EventPayload, EventType } from '../contract/events.ts';
import type { Attachment, Attempt, EgressPolicy, GluonEvent, Question, QuestionItem } from '../contract/resources.ts';
import type { AttemptKind, SandboxLevel } from '../core/run/attempt.ts';
import type { Outcome } from '../core/run/outcome.ts';
import type { RunStatus } from '../core/run/status.ts';
import type { Waiting } from '../core/run/waiting.ts';
import type { UsageReads } from './usage-store.ts';
import type { WebReads, WebWrites } from './web-store.ts';

export interface ProjectRow {
  id: string;
  name: string;
  path: string;
  workspace_id: string | null;
  base_branch: string | null;
  branch_template: string | null;
  worktree_root: string | null;
  max_concurrent_runs: number | null;
  egress: EgressPolicy | null;
  sandbox: SandboxLevel | null;
  /** Names allowed for the whole project by a person, beside the policy. */
  egress_allowed: string[];
  fetched_at: string | null;
  created_at: string;
}

export interface WorkspaceRow {
  id: string;
  name: string;
  path: string;
  created_at: string;
}

export interface RunRow {
  id: string;
  project_id: string;
  title: string;
  prompt: string;
  status: RunStatus;
  outcome: Outcome | null;
  outcome_detail: string | null;
  waiting: Waiting | null;
  profile: 'quick' | 'standard' | 'deep' | 'planning' | 'review';
  agent: string;
  model: string | null;
  effort: 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
  /** True until a person moves the run on from its plan. */
  plan_first: boolean;
  sandbox: SandboxLevel;
  egress: EgressPolicy;
  egress_allowed: string[];
  egress_refused: string[];
  use_worktree: boolean;
  branch_name: string | null;
  base_branch: string | null;
  base_commit: string | null;
  /** Where `.gluon.yml` and the trusted agent configuration are read: a commit of the project's base branch, never one that an agent made. */
  config_commit: string | null;
  head_commit: string | null;
  worktree_path: string | null;
  /** `none`: never made; `present`; `removed`: rescued and taken away. */
  worktree_state: 'none' | 'present' | 'removed';
  session_id: string | null;
  forked_from: string | null;
  fork_session_id: string | null;
  merged_commit: string | null;
  cost_usd: number | null;
  agent_cost_usd: number | null;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  model_calls: number;
  /** Sum of the reservations of calls in flight. */
  reserved_usd: number;
  max_cost_usd: number | null;
  max_turns: number | null;
  max_duration_minutes: number | null;
  question_policy: 'park' | 'auto';
  /** Fencing: every new attempt takes epoch + 1; a write that carries an older one is refused. */
  epoch: number;
  attempts: number;
  auto_resumes: number;
  recoveries: number;
  pending_questions: number;
  queued_messages: number;
  commit_count: number;
  files_changed: number;
  insertions: number;
  deletions: number;
  /** What the next attempt is to be, while the run is pending. */
  next_attempt: NextAttempt | null;
  /** Somebody wants it stopped; it stays so through a crash until the attempt has ended. */
  cancel_requested: boolean;
  ports: number[];
  images: string[];
  initiator: string;
  archived: boolean;
  seq: number;
  transcript_seq: number;
  created_at: string;
  queued_at: string;
  started_at: string | null;
  ended_at: string | null;
  /** Since when it is completed, failed or cancelled; null in any other state. Kept by the store with every change of the state. */
  settled_at: string | null;
  updated_at: string;
}

export interface NextAttempt {
  kind: AttemptKind;
  /** What to say to the agent. */
  prompt: string;
  images: string[];
  /** Continue the run's session; false starts a new one. */
  resume: boolean;
  /** Start no earlier (ISO 8601). */
  not_before: string | null;
  /** Who asked: counts against the cap of automatic resumes unless a person. */
  by: string;
}

export interface AttemptRow extends Attempt {
  worker_id: string;
  /** Monotonic deadlines do not survive a restart; the wall clock serves other processes only as a hint. */
  lease_expires_at: string | null;
  pid_started: string | null;
  /** Where the kill of the whole tree is aimed after a crash: a cgroup folder. */
  cgroup: string | null;
  resumable: boolean;
  /** The run's head when the attempt began: the checkpoint for "since the last message". */
  prompt: string;
}

export interface FollowUpRow {
  id: string;
  run_id: string;
  text: string;
  images: string[];
  state: 'queued' | 'delivered' | 'withdrawn';
  now: boolean;
  by: string;
  created_at: string;
  delivered_at: string | null;
}

export interface QuestionRow extends Omit<Question, 'project' | 'run_title'> {
  attempt_id: string;
  /** The vendor's id of the request that waits. */
  request_id: string;
  items: QuestionItem[];
}

export interface ModelCallRow {
  id: string;
  run_id: string;
  project_id: string;
  attempt_id: string;
  at: string;
  provider: string;
  model: string;
  state: 'reserved' | 'settled' | 'refused';
  reserved_usd: number;
  /** What it cost, once settled; null: its price is not known. While it is reserved: the most that it may cost. */
  cost_usd: number | null;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  status: number | null;
  latency_ms: number | null;
  wait_ms: number;
}

export interface EgressRow {
  run_id: string;
  at: string;
  host: string;
  port: number;
  allowed: boolean;
  reason: string;
  bytes_up: number;
  bytes_down: number;
}

export interface NewEvent<T extends EventType = EventType> {
  type: T;
  payload: EventPayload<T>;
  run_id?: string;
  actor: string;
}

/** What a request made that would be made again if it were sent again. */
export interface Made {
  run_id: string;
  follow_up_id?: string;
  comment_id?: string;
}

/** A request with an Idempotency-Key. `made` without an answer: its effect was written, and its answer was lost or is still to come. */
export interface KeyedRequest {
  fingerprint: string;
  answer: { status: number; body: string } | null;
  made: Made | null;
}

export interface RunFilter {
  project_id?: string;
  statuses?: RunStatus[];
  archived?: boolean;
  /** Part of title or prompt, any case. */
  search?: string;
}
/** Opaque to callers: pass back what the last page returned. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface StoreReads extends UsageReads, WebReads {
  projects(): Promise<ProjectRow[]>;
  project(id: string): Promise<ProjectRow | null>;
  projectByName(name: string): Promise<ProjectRow | null>;
  workspaces(): Promise<WorkspaceRow[]>;
  workspace(idOrName: string): Promise<WorkspaceRow | null>;

  run(id: string): Promise<RunRow | null>;
  /** Up to `limit` ids that begin with the prefix. */
  runIdsByPrefix(prefix: string, limit: number): Promise<string[]>;
  runBySession(sessionId: string): Promise<RunRow | null>;
  /** Newest first. Cost does not grow with the total number of runs. */
  listRuns(filter: RunFilter, limit: number, cursor?: string): Promise<Page<RunRow>>;
  /** All runs of these states; used with the small sets only (pending, running). Oldest `queued_at` first. */
  runsInState(statuses: RunStatus[]): Promise<RunRow[]>;
  countRuns(projectId?: string): Promise<Record<RunStatus, number>>;
  /** Runs that came into one of these final states before the time, for retention; at most `limit`, those that did first. */
  runsSettledBefore(before: string, statuses: RunStatus[], limit: number): Promise<RunRow[]>;
  runByBranch(projectId: string, branch: string): Promise<RunRow | null>;
  /** Whether a run that is off the books filled that branch of the project, or of a project that was removed from the same path. */
  isForgottenBranch(projectId: string, branch: string): Promise<boolean>;
  leasedPorts(): Promise<number[]>;

  attempts(runId: string): Promise<AttemptRow[]>;
  attempt(id: string): Promise<AttemptRow | null>;
  liveAttempts(): Promise<AttemptRow[]>;
  attemptsOfSession(sessionId: string): Promise<AttemptRow[]>;
  listSessions(
    projectId: string | undefined,
    limit: number,
    cursor?: string,
  ): Promise<
    Page<{ session_id: string; run_id: string; agent: string; title: string; project_id: string; attempts: number; last_used_at: string }>
  >;

  question(id: string): Promise<QuestionRow | null>;
  openQuestions(): Promise<QuestionRow[]>;
  questionsOfRun(runId: string): Promise<QuestionRow[]>;
  followUps(runId: string): Promise<FollowUpRow[]>;
  attachment(id: string): Promise<Attachment | null>;
  attachmentsOfRun(runId: string): Promise<Attachment[]>;

  runEvents(runId: string, after: number, limit: number): Promise<GluonEvent[]>;
  events(after: number, limit: number): Promise<GluonEvent[]>;
  activity(filter: { project_id?: string; type?: string; actor?: string }, limit: number, cursor?: string): Promise<Page<GluonEvent>>;

  egressLog(runId: string, limit: number): Promise<EgressRow[]>;
  unsettledCalls(): Promise<ModelCallRow[]>;

  /** What is known of a request that carried this key, if it came within 24 hours. */
  idempotent(key: string): Promise<KeyedRequest | null>;
}

export interface StoreWrites extends StoreReads, WebWrites {
  insertProject(row: ProjectRow): Promise<void>;
  updateProject(id: string, patch: Partial<ProjectRow>): Promise<void>;
  /** Also takes away its ended runs with everything about them. */
  deleteProject(id: string): Promise<void>;
  insertWorkspace(row: WorkspaceRow): Promise<void>;
  deleteWorkspace(id: string): Promise<void>;

  insertRun(row: RunRow): Promise<void>;
  /**
   * Changes fields of a run and sets `updated_at`. With `expect`, only if the row still has that status and epoch: false means it
   * had changed, and nothing was written.
   */
  updateRun(id: string, patch: Partial<RunRow>, expect?: { status?: RunStatus | RunStatus[]; epoch?: number }): Promise<boolean>;
  /** What it made stays known as made by a run: `isForgottenBranch`. */
  deleteRun(id: string): Promise<void>;
  renameForgottenBranch(projectId: string, from: string, to: string): Promise<void>;
  /** Adds to the usage counters of a run in one statement; a null cost makes the run's cost null. */
  addUsage(
    runId: string,
    delta: Pick<
      RunRow,
      'cost_usd' | 'reserved_usd' | 'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'cache_write_tokens' | 'model_calls'
    >,
  ): Promise<void>;

  insertAttempt(row: AttemptRow): Promise<void>;
  updateAttempt(id: string, patch: Partial<AttemptRow>): Promise<void>;

  insertQuestion(row: QuestionRow): Promise<void>;
  /** Compare-and-swap on the state. */
  updateQuestion(id: string, patch: Partial<QuestionRow>, expectState: Question['state'][]): Promise<boolean>;
  insertFollowUp(row: FollowUpRow): Promise<void>;
  updateFollowUp(id: string, patch: Partial<FollowUpRow>, expectState: FollowUpRow['state']): Promise<boolean>;
  insertAttachment(row: Attachment): Promise<void>;
  linkAttachment(runId: string, attachmentId: string): Promise<void>;

  insertModelCall(row: ModelCallRow): Promise<void>;
  updateModelCall(id: string, patch: Partial<ModelCallRow>): Promise<void>;
  insertEgress(row: EgressRow): Promise<void>;

  /** Numbers the event (global id; per-run seq without gaps, advancing `runs.seq`) and stores it. */
  appendEvent<T extends EventType>(event: NewEvent<T>): Promise<GluonEvent>;
  /** Notes what the request with this key made; what it noted before stays beside it. The answer comes later. */
  markMade(key: string, fingerprint: string, made: Made): Promise<void>;
  /** Removes events about no run from before the time, the oldest first, looking at `limit` of them; gives how many. */
  pruneEvents(before: string, limit: number): Promise<number>;
  saveIdempotent(key: string, fingerprint: string, status: number, body: string): Promise<void>;
  /** Removes what is known of keys older than 24 h, at most `limit` of them; gives how many. */
  pruneIdempotent(limit: number): Promise<number>;
}

export interface TransactionOptions {
  /**
   * `power` (the default): waits for the disk, so that not even a power cut undoes the commit. `process`: does not wait; the end
   * of this process in any way undoes nothing, a power cut may undo the last moments unless a later commit waited.
   */
  survives?: 'power' | 'process';
}

export interface Store extends StoreReads {
  /**
   * Runs the work in one durable transaction; throws what the work throws, after rolling back. While another process holds the
   * database it retries without blocking the event loop, then throws `database_busy`. A full disk throws `disk_full`.
   */
  transaction<T>(work: (tx: StoreWrites) => Promise<T>, options?: TransactionOptions): Promise<T>;
  schemaVersion(): Promise<number>;
  /** Full integrity check, for doctor: null when sound. */
  integrityProblem(): Promise<string | null>;
  close(): Promise<void>;
}
