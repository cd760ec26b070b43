/**
 * What hangs on a browser's session: whether its cookie goes over https alone, and the push subscription that it made. A subscription that
 * nobody knows the session of could not end with it: the page makes it anew.
 */
export const statements: readonly string[] = [
  'alter table web_sessions add column secure integer not null default 0',
  'alter table push_subscriptions add column session text references web_sessions (id) on delete cascade',
  'delete from push_subscriptions',
];
