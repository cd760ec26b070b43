/** What the API shows: one schema per resource, snake_case as on the wire. Types derive from the schemas. */
import { z } from 'zod';
import { ATTEMPT_KINDS, ATTEMPT_STATES, SANDBOX_LEVELS } from '../core/run/attempt.ts';
import { OUTCOMES } from '../core/run/outcome.ts';
import { RUN_STATUSES } from '../core/run/status.ts';
import { WAITING_REASONS } from '../core/run/waiting.ts';
import { Timestamp } from './timestamp.ts';

export const RunStatusSchema = z.enum(RUN_STATUSES);
export const OutcomeSchema = z.enum(OUTCOMES);
export const SandboxLevelSchema = z.enum(SANDBOX_LEVELS);
export const PROFILES = ['quick', 'standard', 'deep', 'planning', 'review'] as const;
export const ProfileSchema = z.enum(PROFILES);
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export const EffortSchema = z.enum(EFFORTS);

export const WaitingSchema = z.object({
  reason: z.enum(WAITING_REASONS),
  detail: z.string(),
  since: Timestamp,
  until: Timestamp.optional(),
});

/** `none`, `packages` (the registries configured on the host), `all`, or names such as `example.org`, `*.example.org`, `example.org:8443`. */
export const EgressPolicySchema = z.union([z.enum(['none', 'packages', 'all']), z.array(z.string()).max(200)]);
export type EgressPolicy = z.infer<typeof EgressPolicySchema>;

export const ProjectSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  workspace_id: z.string().nullable(),
  /** Branch that runs start from; null: the branch that was checked out when the run was submitted. */
  base_branch: z.string().nullable(),
  branch_template: z.string().nullable(),
  worktree_root: z.string().nullable(),
  max_concurrent_runs: z.number().int().positive().nullable(),
  egress: EgressPolicySchema.nullable(),
  sandbox: SandboxLevelSchema.nullable(),
  created_at: Timestamp,
});
export type Project = z.infer<typeof ProjectSchema>;

export const WorkspaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  project_count: z.number().int(),
  created_at: Timestamp,
});
export type Workspace = z.infer<typeof WorkspaceSchema>;

export const CapsInForceSchema = z.object({
  /** How the caps are kept: a cgroup of that version, or process limits with a watchdog, or not at all. */
  by: z.enum(['cgroup2', 'cgroup1', 'rlimit', 'nothing']),
  memory_bytes: z.number().nullable(),
  cpu_cores: z.number().nullable(),
  pids: z.number().nullable(),
  file_bytes: z.number().nullable(),
  disk_bytes: z.number().nullable(),
});
export type CapsInForce = z.infer<typeof CapsInForceSchema>;

export const AttemptSchema = z.object({
  id: z.string(),
  run_id: z.string(),
  /** 1..n within the run. */
  number: z.number().int(),
  kind: z.enum(ATTEMPT_KINDS),
  state: z.enum(ATTEMPT_STATES),
  outcome: OutcomeSchema.nullable(),
  detail: z.string().nullable(),
  exit_code: z.number().int().nullable(),
  exit_signal: z.string().nullable(),
  session_id: z.string(),
  epoch: z.number().int(),
  pid: z.number().int().nullable(),
  agent_version: z.string().nullable(),
  sandbox: SandboxLevelSchema.nullable(),
  caps: CapsInForceSchema.nullable(),
  base_commit: z.string().nullable(),
  head_commit: z.string().nullable(),
  cost_usd: z.number().nullable(),
  started_at: Timestamp,
  ended_at: Timestamp.nullable(),
});
export type Attempt = z.infer<typeof AttemptSchema>;

export const RunSchema = z.object({
  id: z.string(),
  /** Name of the project. */
  project: z.string(),
  project_id: z.string(),
  title: z.string(),
  prompt: z.string(),
  status: RunStatusSchema,
  outcome: OutcomeSchema.nullable(),
  /** One sentence about the outcome. */
  outcome_detail: z.string().nullable(),
  waiting: WaitingSchema.nullable(),
  profile: ProfileSchema,
  agent: z.string(),
  /** The model asked for; null: the agent's default. */
  model: z.string().nullable(),
  effort: EffortSchema.nullable(),
  sandbox: SandboxLevelSchema,
  egress: EgressPolicySchema,
  use_worktree: z.boolean(),
  branch_name: z.string().nullable(),
  base_branch: z.string().nullable(),
  base_commit: z.string().nullable(),
  head_commit: z.string().nullable(),
  worktree_path: z.string().nullable(),
  /** `removed`: everything in it was rescued first; undelete brings it back. */
  worktree_state: z.enum(['none', 'present', 'removed']),
  session_id: z.string().nullable(),
  forked_from: z.string().nullable(),
  merged_commit: z.string().nullable(),
  /** Null: at least one call was to a model whose price is not known. */
  cost_usd: z.number().nullable(),
  /** The agent's own figure, never used as truth. */
  agent_cost_usd: z.number().nullable(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  cache_read_tokens: z.number().int(),
  cache_write_tokens: z.number().int(),
  model_calls: z.number().int(),
  max_cost_usd: z.number().nullable(),
  max_turns: z.number().int().nullable(),
  max_duration_minutes: z.number().nullable(),
  attempts: z.number().int(),
  auto_resumes: z.number().int(),
  recoveries: z.number().int(),
  pending_questions: z.number().int(),
  queued_messages: z.number().int(),
  commit_count: z.number().int(),
  files_changed: z.number().int(),
  insertions: z.number().int(),
  deletions: z.number().int(),
  /** Something happened that the one who asks has not looked at yet. */
  unread: z.boolean(),
  /** The oldest question that still can be answered; `parked`: nobody did in time, the run waits for it. */
  open_question: z
    .object({ id: z.string(), text: z.string(), questions: z.number().int(), expires_at: Timestamp, parked: z.boolean() })
    .nullable(),
  /** What the agent did last, in one line; null when nothing is known. */
  last_activity: z.object({ tool: z.string(), text: z.string(), at: Timestamp }).nullable(),
  /** Tokens in the agent's context after its last answer, by its own count; null when it has not told. */
  context_tokens: z.number().int().nullable(),
  /** How many fit; null when the agent has not told. */
  context_window: z.number().int().nullable(),
  /** Names that the egress proxy refused and nobody allowed yet. */
  egress_refused: z.array(z.string()),
  initiator: z.string(),
  archived: z.boolean(),
  legal_moves: z.array(RunStatusSchema),
  /** Number of the last event of this run. */
  seq: z.number().int(),
  created_at: Timestamp,
  started_at: Timestamp.nullable(),
  ended_at: Timestamp.nullable(),
  updated_at: Timestamp,
});
export type Run = z.infer<typeof RunSchema>;

export const QuestionItemSchema = z.object({
  question: z.string(),
  header: z.string(),
  multi_select: z.boolean(),
  options: z.array(z.object({ label: z.string(), description: z.string() })),
  /** The vendor's tool lets a person answer in own words. */
  free_text: z.boolean(),
});
export type QuestionItem = z.infer<typeof QuestionItemSchema>;

export const QUESTION_STATES = ['open', 'answered', 'parked', 'expired'] as const;
export const QuestionSchema = z.object({
  id: z.string(),
  run_id: z.string(),
  project: z.string(),
  run_title: z.string(),
  state: z.enum(QUESTION_STATES),
  items: z.array(QuestionItemSchema),
  answers: z.record(z.string(), z.array(z.string())).nullable(),
  answered_by: z.string().nullable(),
  asked_at: Timestamp,
  /** When an open question parks the run. */
  expires_at: Timestamp,
  answered_at: Timestamp.nullable(),
});
export type Question = z.infer<typeof QuestionSchema>;

export const FollowUpSchema = z.object({
  id: z.string(),
  run_id: z.string(),
  text: z.string(),
  images: z.array(z.string()),
  state: z.enum(['queued', 'delivered', 'withdrawn']),
  by: z.string(),
  created_at: Timestamp,
  delivered_at: Timestamp.nullable(),
});
export type FollowUp = z.infer<typeof FollowUpSchema>;

export const TRANSCRIPT_TYPES = [
  'user',
  'text',
  'thinking',
  'tool_use',
  'tool_result',
  'result',
  'error',
  'system',
  'screenshot',
  'subagent',
  'usage',
  'question',
  'rate_limit',
] as const;
/** One record of a transcript. Fields beside the fixed ones depend on `type`; see docs/transcript.md. */
export const TranscriptRecordSchema = z.looseObject({
  /** 1..n within the run, without gaps; a resume continues the numbering. */
  seq: z.number().int(),
  at: Timestamp,
  attempt: z.number().int(),
  type: z.enum(TRANSCRIPT_TYPES),
});
export type TranscriptRecord = z.infer<typeof TranscriptRecordSchema>;

export const EventSchema = z.object({
  /** Number over all events of this home. */
  id: z.number().int(),
  run_id: z.string().nullable(),
  /** 1..n within the run; null for events of no run. */
  seq: z.number().int().nullable(),
  type: z.string(),
  payload: z.record(z.string(), z.unknown()),
  actor: z.string(),
  at: Timestamp,
});
export type GluonEvent = z.infer<typeof EventSchema>;

export const AttachmentSchema = z.object({
  /** SHA-256 of the bytes, hex. */
  id: z.string(),
  media_type: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  bytes: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  created_at: Timestamp,
});
export type Attachment = z.infer<typeof AttachmentSchema>;

export const TokenTotalsSchema = z.object({
  runs: z.number().int(),
  model_calls: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  cache_read_tokens: z.number().int(),
  cache_write_tokens: z.number().int(),
  /** Sum of the known costs. */
  cost_usd: z.number(),
  /** Calls whose cost is not known. */
  unpriced_calls: z.number().int(),
});
export type TokenTotals = z.infer<typeof TokenTotalsSchema>;

export const SettingSchema = z.object({
  key: z.string(),
  value: z.unknown(),
  default: z.unknown(),
  source: z.enum(['default', 'file', 'environment']),
  summary: z.string(),
});
export type Setting = z.infer<typeof SettingSchema>;

export const DoctorFindingSchema = z.object({
  id: z.string(),
  group: z.string(),
  status: z.enum(['pass', 'warn', 'fail', 'skip']),
  title: z.string(),
  detail: z.string(),
  fix: z.string().nullable(),
  /** `doctor --fix` can do it by itself without risk. */
  fixable: z.boolean(),
});
export type DoctorFinding = z.infer<typeof DoctorFindingSchema>;

export const EgressDecisionSchema = z.object({
  at: Timestamp,
  host: z.string(),
  port: z.number().int(),
  allowed: z.boolean(),
  reason: z.string(),
  bytes_up: z.number().int(),
  bytes_down: z.number().int(),
});
export type EgressDecision = z.infer<typeof EgressDecisionSchema>;
