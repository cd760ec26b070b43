/**
 * What a run is to obey, and whether somebody wants it stopped. Runs that exist take their configuration from their base, as they did before.
 */
export const statements: readonly string[] = [
  'alter table runs add column config_commit text',
  'update runs set config_commit = base_commit',
  'alter table runs add column cancel_requested integer not null default 0',
];
