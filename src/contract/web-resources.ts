/** Resources that the web page needs beside runs and projects: cards, notifications, sessions, review comments. */
import { z } from 'zod';
import { COMMENT_STATES } from '../core/comments/state.ts';
import { NOTIFICATION_KINDS } from '../core/notify/kinds.ts';
import { TOKEN_KINDS } from '../core/usage/token-kinds.ts';
import { RunSchema, RunStatusSchema } from './resources.ts';
import { Timestamp } from './timestamp.ts';

/** A run as a card of the board shows it; every field means what it means in the run, so `run_updated` patches it as well. */
export const RunCardSchema = RunSchema.pick({
  id: true,
  project: true,
  project_id: true,
  title: true,
  status: true,
  outcome: true,
  outcome_detail: true,
  waiting: true,
  profile: true,
  agent: true,
  model: true,
  branch_name: true,
  cost_usd: true,
  max_cost_usd: true,
  attempts: true,
  pending_questions: true,
  queued_messages: true,
  commit_count: true,
  files_changed: true,
  insertions: true,
  deletions: true,
  unread: true,
  open_question: true,
  last_activity: true,
  context_tokens: true,
  context_window: true,
  merged_commit: true,
  initiator: true,
  archived: true,
  legal_moves: true,
  seq: true,
  created_at: true,
  started_at: true,
  ended_at: true,
  updated_at: true,
});
export type RunCard = z.infer<typeof RunCardSchema>;

/** Runs by status; archived ones are not counted. */
export const StatusCountsSchema = z.record(RunStatusSchema, z.number().int());

export const NotificationKindSchema = z.enum(NOTIFICATION_KINDS);
export const NotificationSchema = z.object({
  /** Rises with every notification of this home. */
  id: z.number().int(),
  kind: NotificationKindSchema,
  run_id: z.string().nullable(),
  run_title: z.string().nullable(),
  project: z.string().nullable(),
  /** One sentence: what happened. */
  text: z.string(),
  /** The one who asks has read it. */
  read: z.boolean(),
  at: Timestamp,
});
export type Notification = z.infer<typeof NotificationSchema>;

export const SessionSchema = z.object({
  user: z.object({ name: z.string(), role: z.enum(['viewer', 'operator', 'admin']) }),
  /** The value of the header `x-gluon-csrf` of everything but GET. */
  csrf: z.string(),
  expires_at: Timestamp,
});
export type Session = z.infer<typeof SessionSchema>;

export const ReviewCommentSchema = z.object({
  id: z.string(),
  run_id: z.string(),
  path: z.string(),
  /** `old`: a line of the base, counted there; `new`: a line of the run's head. */
  side: z.enum(['old', 'new']),
  /** From 1, as it was when the comment was written. */
  line: z.number().int(),
  /** Where that line is now; null when it is gone or changed. */
  current_line: z.number().int().nullable(),
  line_text: z.string(),
  body: z.string(),
  state: z.enum(COMMENT_STATES),
  by: z.string(),
  /** The head of the run when it was written; null: the run had none. */
  commit: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
  sent_at: Timestamp.nullable(),
});
export type ReviewComment = z.infer<typeof ReviewCommentSchema>;

export const TodoSchema = z.object({ text: z.string(), status: z.string() });
export type Todo = z.infer<typeof TodoSchema>;

export const SlashCommandSchema = z.object({
  /** Without the slash. */
  name: z.string(),
  /** `agent`: the agent program named it at its last start in this project. `project`, `skill`: it lies in the base branch. */
  source: z.enum(['agent', 'project', 'skill']),
  description: z.string().nullable(),
  /** What the command wants behind its name, as its author wrote it. */
  argument_hint: z.string().nullable(),
});
export type SlashCommand = z.infer<typeof SlashCommandSchema>;

const tokens = {
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  cache_read_tokens: z.number().int(),
  cache_write_tokens: z.number().int(),
};

/** One day of one key; days without a call are left out. */
export const UsagePointSchema = z.object({
  day: z.string(),
  /** Name of the model or of the project. */
  key: z.string(),
  cost_usd: z.number(),
  model_calls: z.number().int(),
  unpriced_calls: z.number().int(),
  ...tokens,
});

export const RunUsageSchema = z.object({
  /** Metered at the gateway; null: at least one call was to a model whose price is not known. */
  cost_usd: z.number().nullable(),
  model_calls: z.number().int(),
  by_kind: z.array(
    z.object({
      kind: z.enum(TOKEN_KINDS),
      tokens: z.number().int(),
      /** At today's list prices, scaled to what was metered; null when a price is not known. */
      cost_usd: z.number().nullable(),
    }),
  ),
  by_model: z.array(z.object({ model: z.string(), model_calls: z.number().int(), cost_usd: z.number().nullable(), ...tokens })),
});

export const RunSeriesSchema = z.object({
  /** Of the first and the last bucket's edges; null when there was no call. */
  from: Timestamp.nullable(),
  to: Timestamp.nullable(),
  bucket_seconds: z.number(),
  items: z.array(z.object({ at: Timestamp, cost_usd: z.number(), tokens: z.number().int(), model_calls: z.number().int() })),
});

export const SearchHitSchema = z.object({
  kind: z.enum(['run', 'message']),
  run_id: z.string(),
  run_title: z.string(),
  project: z.string(),
  status: RunStatusSchema,
  archived: z.boolean(),
  /** What was found in: `title`, `branch`, `id`, `prompt`, or the type of the transcript's record. */
  field: z.string(),
  /** Number of the record in the transcript; null for hits in the run itself. */
  seq: z.number().int().nullable(),
  /** Text around the hit, one line. */
  snippet: z.string(),
  /** Places of the words in the snippet: [start, end), in UTF-16 units. */
  marks: z.array(z.tuple([z.number().int(), z.number().int()])),
  at: Timestamp,
});
export type SearchHit = z.infer<typeof SearchHitSchema>;
