/** The part of the store behind the web page: what people have seen, are told of and wrote on changes, and what is found by words. */

import type { Run } from '../contract/resources.ts';
import type { ReviewComment, Todo } from '../contract/web-resources.ts';
import type { NotificationKind } from '../core/notify/kinds.ts';
import type { RunStatus } from '../core/run/status.ts';

/** What is kept of a run beside its row, by what may change often or is read seldom. */
export interface RunFactsRow {
  run_id: string;
  /** Number of the last event of the run that a person should see; 0: none yet. */
  noticed_seq: number;
  todos: Todo[] | null;
  todos_at: string | null;
  last_activity: NonNullable<Run['last_activity']> | null;
  context_tokens: number | null;
  context_window: number | null;
  /** Last record of the transcript that went into the search index. */
  indexed_seq: number;
}

/** The facts of one run for one person, as lists need them: without the todos. */
export interface CardFacts extends Pick<RunFactsRow, 'run_id' | 'last_activity' | 'context_tokens' | 'context_window'> {
  unread: boolean;
}

export interface SessionRow {
  /** SHA-256 of the cookie's value, hex: what is stored opens nothing. */
  id: string;
  user: string;
  role: 'viewer' | 'operator' | 'admin';
  csrf: string;
  /** The browser came over https, and its cookie goes no other way. */
  secure: boolean;
  created_at_ms: number;
  expires_at_ms: number;
}

export interface NotificationRow {
  id: number;
  kind: NotificationKind;
  run_id: string | null;
  text: string;
  at: string;
}

/** For one person. */
export interface ShownNotification extends NotificationRow {
  run_title: string | null;
  project: string | null;
  read: boolean;
}

export interface PushSubscriptionRow {
  endpoint: string;
  user: string;
  p256dh: string;
  auth: string;
  created_at: string;
  /** The browser's session that made it, with which it goes; null: made with a token. */
  session: string | null;
}

export interface ReviewCommentRow extends Omit<ReviewComment, 'state' | 'current_line'> {
  /** What became of the line is found out when it is read. */
  state: 'open' | 'sent';
}

/** A text that is to be found by its words. */
export interface SearchableText {
  seq: number;
  type: string;
  at: string;
  text: string;
}

export interface TextHit {
  number: number;
  run_id: string;
  seq: number;
  type: string;
  at: string;
}

export interface StatusCount {
  project_id: string;
  status: RunStatus;
  runs: number;
}

export interface UsageDay {
  day: string;
  key: string;
  cost_usd: number;
  model_calls: number;
  unpriced_calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
}

export type ModelSums = Omit<UsageDay, 'day' | 'key' | 'cost_usd'> & { model: string; cost_usd: number | null };

export interface UsageBucket {
  /** 0-based. */
  bucket: number;
  cost_usd: number;
  tokens: number;
  model_calls: number;
}

export interface WebReads {
  /** Runs that are not archived, counted by project and status. */
  runCounts(): Promise<StatusCount[]>;
  archivedRuns(): Promise<number>;
  /** Of those runs that have any. */
  cardFacts(user: string, runIds: readonly string[]): Promise<CardFacts[]>;
  runFacts(runId: string): Promise<RunFactsRow | null>;
  /** Questions that can still be answered, of these runs or of all, oldest first; at most `limit`. */
  answerable(runIds: readonly string[] | null, limit: number): Promise<AnswerableQuestion[]>;
  /** How many runs have one. */
  runsToAnswer(): Promise<number>;

  webSessions(): Promise<SessionRow[]>;

  /** Newest first. */
  notifications(
    user: string,
    unread: boolean,
    limit: number,
    cursor?: string,
  ): Promise<{ items: ShownNotification[]; next_cursor: string | null }>;
  /** When the last one of a kind was made, of one run or of any. */
  lastNotificationAt(kind: NotificationKind, runId: string | null): Promise<string | null>;
  unreadNotifications(user: string): Promise<number>;
  notification(id: number, user: string): Promise<ShownNotification | null>;
  /** Those that were not handed to push services yet and are not older than the time, oldest first. */
  unpushed(since: string, limit: number): Promise<ShownNotification[]>;
  /** Of one person, or of all. */
  pushSubscriptions(user: string | null): Promise<PushSubscriptionRow[]>;

  projectCommands(projectId: string): Promise<string[]>;

  reviewComments(runId: string): Promise<ReviewCommentRow[]>;

  /** Records that hold all words, the last as a beginning, newest first; below the number `below`. */
  searchTexts(words: readonly string[], projectId: string | null, below: number, limit: number): Promise<TextHit[]>;
  /** Runs whose branch holds the text, newest first. */
  runsByBranchPart(part: string, projectId: string | null, limit: number): Promise<string[]>;

  usageSeries(by: 'model' | 'project', fromDay: string, projectId: string | null): Promise<UsageDay[]>;
  usageOfRun(runId: string): Promise<ModelSums[]>;
  /** First and last settled call of a run. */
  callSpan(runId: string): Promise<{ first: string; last: string } | null>;
  usageBuckets(runId: string, fromMs: number, bucketMs: number): Promise<UsageBucket[]>;
}

export interface AnswerableQuestion {
  id: string;
  run_id: string;
  text: string;
  questions: number;
  expires_at: string;
  parked: boolean;
}

export interface WebWrites extends WebReads {
  /** Makes the row when there is none; only what is given changes. */
  patchRunFacts(runId: string, patch: Partial<Omit<RunFactsRow, 'run_id'>>): Promise<void>;
  /** The person has seen the run as it is now. */
  markRunRead(user: string, runId: string): Promise<void>;

  insertWebSession(row: SessionRow): Promise<void>;
  extendWebSession(id: string, expiresAtMs: number): Promise<void>;
  /** With what hangs on them. */
  deleteWebSessions(ids: readonly string[]): Promise<void>;

  /** Gives its number; beyond `kept` the oldest go, a few at a time. */
  insertNotification(row: Omit<NotificationRow, 'id'>, kept: number): Promise<number>;
  /** Null: all of them. */
  readNotifications(user: string, ids: readonly number[] | null): Promise<void>;
  markPushed(ids: readonly number[]): Promise<void>;
  /** The same endpoint again takes the place of what was known of it. */
  putPushSubscription(row: PushSubscriptionRow): Promise<void>;
  /** Of one person, or whoever's it is. */
  deletePushSubscription(endpoint: string, user: string | null): Promise<boolean>;

  putProjectCommands(projectId: string, names: readonly string[], at: string): Promise<void>;

  insertReviewComment(row: ReviewCommentRow): Promise<void>;
  /** False: it is not there, or was sent already. */
  editReviewComment(id: string, runId: string, body: string, at: string): Promise<boolean>;
  deleteReviewComment(id: string, runId: string): Promise<boolean>;
  /** Marks open ones as sent; gives how many were. */
  markCommentsSent(runId: string, ids: readonly string[], at: string): Promise<number>;

  /** Texts that are indexed already are left out. */
  indexTexts(runId: string, texts: readonly SearchableText[]): Promise<void>;
}
