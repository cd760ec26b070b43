/**
 * Behind the web page: what is kept of runs beside their rows, what people have seen and are told of, sessions of browsers, comments on
 * changes, and words of transcripts.
 */
export const statements: readonly string[] = [
  `create table run_facts (
    run_id text primary key references runs (id) on delete cascade, noticed_seq integer not null default 0, todos text, todos_at text,
    last_activity text, context_tokens integer, context_window integer, indexed_seq integer not null default 0
  ) strict`,
  `create table run_reads (
    run_id text not null references runs (id) on delete cascade, user text not null, seq integer not null, primary key (run_id, user)
  ) strict, without rowid`,
  // Counts per column and project read this index alone.
  'create index runs_counted on runs (archived, project_id, status)',
  `create index questions_parked on questions (asked_at) where state = 'parked'`,

  `create table web_sessions (
    id text primary key, user text not null, role text not null, csrf text not null, created_at_ms integer not null,
    expires_at_ms integer not null
  ) strict`,

  `create table notifications (
    id integer primary key autoincrement, kind text not null, run_id text references runs (id) on delete cascade, text text not null,
    at text not null, pushed integer not null default 0
  ) strict`,
  'create index notifications_run on notifications (run_id)',
  'create index notifications_unpushed on notifications (id) where pushed = 0',
  `create table notification_reads (
    notification_id integer not null references notifications (id) on delete cascade, user text not null,
    primary key (notification_id, user)
  ) strict, without rowid`,
  `create table push_subscriptions (
    endpoint text primary key, user text not null, p256dh text not null, auth text not null, created_at text not null
  ) strict, without rowid`,

  `create table project_commands (
    project_id text primary key references projects (id) on delete cascade, names text not null, at text not null
  ) strict, without rowid`,

  `create table review_comments (
    id text primary key, run_id text not null references runs (id) on delete cascade, path text not null, side text not null,
    line integer not null, line_text text not null, body text not null, state text not null, by text not null, "commit" text,
    created_at text not null, updated_at text not null, sent_at text
  ) strict`,
  'create index review_comments_run on review_comments (run_id, created_at)',

  // The words alone are indexed: the text stays in the transcript, and is read from there for what was found.
  `create table message_texts (
    number integer primary key autoincrement, run_id text not null references runs (id) on delete cascade, seq integer not null,
    type text not null, at text not null, unique (run_id, seq)
  ) strict`,
  `create virtual table message_search using fts5(
    text, content = '', contentless_delete = 1, detail = full, tokenize = "unicode61 remove_diacritics 2"
  )`,
  'create trigger message_texts_out after delete on message_texts begin delete from message_search where rowid = old.number; end',
];
