/** Tables behind the web page. */
import type { Generated } from 'kysely';
import type {
  NotificationRow,
  PushSubscriptionRow,
  ReviewCommentRow,
  RunFactsRow,
  SearchableText,
  SessionRow,
} from '../../../ports/web-store.ts';

export interface WebTables {
  run_facts: {
    [F in keyof Omit<RunFactsRow, 'run_id'>]: F extends 'noticed_seq' | 'indexed_seq'
      ? Generated<number>
      : F extends 'context_tokens' | 'context_window'
        ? number | null
        : string | null;
  } & { run_id: string };
  run_reads: { run_id: string; user: string; seq: number };
  web_sessions: Omit<SessionRow, 'secure'> & { secure: number };
  notifications: Omit<NotificationRow, 'id'> & { id: Generated<number>; pushed: Generated<number> };
  notification_reads: { notification_id: number; user: string };
  push_subscriptions: PushSubscriptionRow;
  project_commands: { project_id: string; names: string; at: string };
  review_comments: ReviewCommentRow;
  message_texts: Omit<SearchableText, 'text'> & { number: Generated<number>; run_id: string };
  message_search: { rowid: number; text: string; message_search: string };
}
