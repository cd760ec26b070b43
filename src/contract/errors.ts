/**
 * The catalogue of errors: every failure that a person can meet has one entry here, and the reference page is generated
 * from it. `{name}` in a sentence is filled from the error's parameters.
 */

import { type CatalogueEntry, entry } from './error-entry.ts';
import { WEB_ERRORS } from './web-errors.ts';

export const ERRORS = {
  ...WEB_ERRORS,
  // Requests
  bad_request: entry(400, 2, false, 'The request is not valid: {why}.', 'Correct the named field and send it again.'),
  unauthenticated: entry(
    401,
    4,
    false,
    'This server needs a token.',
    'Send "Authorization: Bearer <token>"; "gluon token print" prints it.',
  ),
  forbidden: entry(403, 4, false, 'This token may not do that: {why}.', 'Use a token of a role that may.'),
  host_refused: entry(421, 4, false, 'The Host header "{host}" is not one of this server.', 'Open the address that "gluon up" printed.'),
  origin_refused: entry(403, 4, false, 'Requests from the origin "{origin}" are not accepted.', 'Use the page that this server serves.'),
  not_found: entry(404, 3, false, 'There is no such address: {what}.', 'See the list of operations in docs/operations.md.'),
  too_large: entry(413, 2, false, 'That is too large: {what} (limit {limit}).', 'Send less, or in parts.'),
  too_many_requests: entry(429, 1, true, 'Too many requests.', 'Wait a moment and try again.'),
  idempotency_conflict: entry(409, 2, false, 'This Idempotency-Key was used for another request.', 'Use a new key for a new request.'),
  idempotency_unanswered: entry(
    409,
    1,
    false,
    'The request with this Idempotency-Key was carried out for the run {run}, but its answer was lost.',
    'Look at that run; use a new key only to have it done once more.',
  ),
  unsupported_media_type: entry(415, 2, false, 'Only JSON bodies are accepted here.', 'Send Content-Type: application/json.'),
  internal: entry(500, 1, true, 'Something broke inside Gluon ({id}).', 'Look for that id in "gluon logs server", and report it.'),

  // Projects and workspaces
  project_not_found: entry(
    404,
    3,
    false,
    'There is no project "{project}".',
    'List the projects with "gluon project list", or add it with "gluon project add".',
  ),
  project_exists: entry(
    409,
    2,
    false,
    'A project named "{project}" exists already.',
    'Choose another name, or remove the other one first.',
  ),
  project_name_invalid: entry(
    400,
    2,
    false,
    '"{name}" cannot be the name of a project.',
    'Use 1 to 64 letters, digits, dots, dashes and underscores, starting with a letter or digit.',
  ),
  project_busy: entry(409, 4, false, 'The project "{project}" has {count} active runs.', 'Cancel or finish them first.'),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the sentence shows what a person may write.
  path_not_found: entry(400, 2, false, 'There is no folder {path}.', 'Check the path; ~ and ${VAR} are understood.'),
  repository_missing: entry(
    409,
    1,
    false,
    'The repository of project "{project}" is gone: {path}.',
    'Put it back, or set its new place with "gluon project set".',
  ),
  not_a_repository: entry(
    400,
    2,
    false,
    '{path} is not a git repository.',
    'Run "git init" there and make a first commit, or name another folder.',
  ),
  repository_empty: entry(400, 2, false, 'The repository {path} has no commit yet.', 'Make a first commit.'),
  repository_bare: entry(400, 2, false, 'The repository {path} is bare.', 'Name a checkout with a working tree.'),
  repository_shallow: entry(
    400,
    2,
    false,
    'The repository {path} is a shallow clone: its history is cut.',
    'Run "git fetch --unshallow" there.',
  ),
  repository_partial: entry(
    400,
    2,
    false,
    'The repository {path} is a partial clone: some of its objects are not here.',
    'Clone it again without --filter.',
  ),
  repository_unsafe: entry(400, 2, false, 'The repository {path} cannot be used: {why}.', 'Correct that and add the project again.'),
  repository_locked: entry(
    409,
    1,
    true,
    'Another git process holds a lock in {path}.',
    'Wait for it, or remove a stale lock file if none runs.',
  ),
  workspace_not_found: entry(404, 3, false, 'There is no workspace "{workspace}".', 'List them with "gluon workspace list".'),
  workspace_exists: entry(409, 2, false, 'A workspace named "{workspace}" exists already.', 'Choose another name.'),
  project_file_invalid: entry(
    400,
    2,
    false,
    'The .gluon.yml of the base branch is not valid: {why}.',
    'Correct it and commit it to the base branch.',
  ),

  // Runs
  run_not_found: entry(404, 3, false, 'There is no run "{run}".', 'List the runs with "gluon runs --archived".'),
  id_ambiguous: entry(400, 2, false, 'The id "{id}" fits {count} {what}: {candidates}.', 'Type more of it.'),
  prompt_empty: entry(400, 2, false, 'The prompt is empty.', 'Say what the agent should do.'),
  prompt_too_long: entry(
    413,
    2,
    false,
    'The prompt has {bytes} bytes; the limit is {limit}.',
    'Put the long part into a file of the repository and name it.',
  ),
  base_not_found: entry(
    400,
    2,
    false,
    'The base "{base}" is no commit of project "{project}".',
    'Name a branch, tag or commit that exists there.',
  ),
  branch_name_invalid: entry(
    400,
    2,
    false,
    '"{name}" cannot be the name of a branch.',
    'Use letters, digits, dots, dashes, underscores and slashes.',
  ),
  branch_exists: entry(409, 2, false, 'The branch "{name}" exists already.', 'Choose another name, or delete that branch.'),
  branch_not_found: entry(404, 3, false, 'There is no branch "{name}".', 'List them with "gluon branch list".'),
  branch_protected: entry(
    403,
    4,
    false,
    'The branch "{name}" is not one that Gluon may change.',
    'Only branches made by Gluon can be changed here.',
  ),
  move_illegal: entry(409, 4, false, '{why}', 'Choose one of the moves that it names.'),
  run_live: entry(409, 4, false, 'The run {run} is running.', 'Wait for it, or cancel it first.'),
  run_not_live: entry(409, 4, false, 'The run {run} is not running.', 'Resume it instead.'),
  run_changed: entry(
    409,
    1,
    true,
    'The run {run} changed meanwhile: it is {status} now.',
    'Look at it again and repeat if you still want to.',
  ),
  nothing_to_resume: entry(
    409,
    4,
    false,
    'The run {run} has no session that could be resumed.',
    'Start it again with "gluon move {run} pending".',
  ),
  nothing_to_merge: entry(409, 4, false, 'The run {run} has no commits to merge.', 'Look at its output with "gluon logs {run}".'),
  merge_conflict: entry(
    409,
    1,
    false,
    'The run {run} conflicts with {base} in: {files}.',
    'Resume the run and ask it to merge {base}, or resolve the files by hand.',
  ),
  base_moved: entry(409, 1, true, 'The branch {base} moved while the merge was made.', 'Try again.'),
  nothing_to_undelete: entry(404, 3, false, 'There is no rescued work for run {run}.', 'Rescued work is kept for {days} days.'),
  egress_name_invalid: entry(
    400,
    2,
    false,
    '"{name}" is no host name that can be allowed.',
    'Give a full name such as example.org or *.example.org, with :PORT if it is not 80 or 443.',
  ),
  question_not_found: entry(404, 3, false, 'There is no question "{question}".', 'List the open ones with "gluon show <run>".'),
  question_answered: entry(409, 4, false, 'The question was answered already by {by}.', 'Look at the run.'),
  answer_invalid: entry(400, 2, false, 'That is not an answer to the question: {why}.', 'Choose among the options that it lists.'),
  follow_up_not_found: entry(
    404,
    3,
    false,
    'There is no queued message "{id}" on that run.',
    'It may have been given to the agent already.',
  ),
  commit_not_found: entry(404, 3, false, 'The run has no commit "{sha}".', 'List them with "gluon commits <run>".'),
  file_not_found: entry(404, 3, false, 'There is no file "{path}" there.', 'List the files first.'),
  record_not_found: entry(404, 3, false, 'The transcript of that run has no record {seq}.', 'See which there are with "gluon logs <run>".'),
  comment_not_found: entry(404, 3, false, 'There is no comment "{id}" on that run.', 'List them first.'),
  attachment_not_found: entry(404, 3, false, 'There is no attachment "{id}".', 'Upload it first.'),
  attachment_invalid: entry(
    400,
    2,
    false,
    'That is not an image Gluon takes: {why}.',
    'Send PNG, JPEG, GIF or WebP up to 20 MB and 50 megapixels.',
  ),
  session_not_found: entry(404, 3, false, 'There is no session "{session}".', 'List them with "gluon sessions".'),

  // What an attempt needs
  agent_unknown: entry(400, 2, false, 'There is no agent "{agent}".', 'Use one of: {known}.'),
  agent_missing: entry(
    503,
    1,
    false,
    'The program of the agent "{agent}" is not installed: {why}.',
    'Run "npm run setup", then "gluon doctor".',
  ),
  credential_missing: entry(
    503,
    4,
    false,
    'There is no credential for the model provider.',
    "Set ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN, CLAUDE_CODE_OAUTH_TOKEN) in the server's environment, put it in credentials.json, or log in with Claude Code on this machine.",
  ),
  sandbox_unavailable: entry(
    503,
    1,
    false,
    'The sandbox level "{level}" cannot be had here: {why}.',
    'Run "gluon doctor"; it says what to install or to switch on.',
  ),
  working_copy_failed: entry(500, 1, true, 'The working copy could not be made: {why}.', 'Correct that and start the run again.'),
  import_refused: entry(422, 1, false, 'The commits of the run were not taken: {why}.', 'The working copy still holds them; look there.'),
  price_unknown: entry(
    400,
    4,
    false,
    'The price of the model "{model}" is not known, so a money cap cannot be kept.',
    'Set one with "gluon settings set prices.{model} ...", or start the run with no cap.',
  ),
  git_failed: entry(500, 1, true, 'git {command} failed: {why}.', 'Look at the message; "gluon doctor" checks git.'),
  git_too_old: entry(503, 1, false, 'git {version} is too old; {needed} or newer is needed.', 'Update git.'),
  git_diverged: entry(409, 4, false, 'The branch {branch} and its remote have both moved.', 'Merge or rebase by hand; Gluon never forces.'),
  no_remote: entry(409, 4, false, 'The project "{project}" has no remote.', 'Add one with "git remote add origin URL".'),
  checkout_dirty: entry(409, 4, false, 'The checkout of "{project}" has uncommitted changes.', 'Commit or stash them first.'),

  // Settings and operation
  setting_unknown: entry(404, 3, false, 'There is no setting "{key}".', 'List them with "gluon settings list".'),
  setting_invalid: entry(400, 2, false, 'The setting "{key}" cannot be that: {why}.', 'See docs/configuration.md.'),
  setting_fixed: entry(409, 4, false, 'The setting "{key}" is fixed by the environment variable {variable}.', 'Change it there.'),
  config_invalid: entry(500, 2, false, 'The file {path} is not valid: {why}.', 'Correct it; until then the last good version is used.'),
  home_not_writable: entry(
    500,
    1,
    false,
    'The home folder {path} cannot be written: {why}.',
    'Choose another with GLUON_HOME, or correct its rights.',
  ),
  home_in_use: entry(
    409,
    1,
    false,
    'Another Gluon (process {pid}) uses {path}.',
    'Use that one, stop it with "gluon down", or choose another home with GLUON_HOME.',
  ),
  home_unsafe: entry(500, 1, false, 'The home folder {path} cannot be used: {why}.', 'Choose another with GLUON_HOME.'),
  descriptors_missing: entry(
    500,
    1,
    false,
    'This system has no {path}, without which Gluon cannot safely handle files that agents wrote.',
    'Mount /proc where Gluon runs, and start it again.',
  ),
  port_in_use: entry(409, 1, false, 'The port {port} is in use.', 'Choose another with GLUON_PORT.'),
  bind_refused: entry(
    400,
    4,
    false,
    'Gluon listens on loopback only, not on {host}.',
    'Use 127.0.0.1, and a tunnel to reach it from elsewhere.',
  ),
  database_corrupt: entry(500, 1, false, 'The database {path} is damaged: {why}.', 'Restore it from a backup; nothing was written to it.'),
  database_newer: entry(
    500,
    1,
    false,
    'The database {path} was made by a newer Gluon (schema {found}, this one knows {known}).',
    'Update Gluon.',
  ),
  database_failed: entry(
    500,
    1,
    false,
    'The database {path} cannot be read or written: {why}.',
    'Check the disk and the rights of that file; nothing was changed.',
  ),
  database_busy: entry(503, 1, true, 'Another process holds the database.', 'Close it and try again.'),
  disk_full: entry(507, 1, true, 'The disk is full ({path}).', 'Free some space; waiting runs go on by themselves.'),
  server_unreachable: entry(503, 1, true, 'No Gluon answers at {address}.', 'Start one with "gluon up".'),
  autostart_failed: entry(
    503,
    1,
    true,
    'A server was started in the background but does not answer: {why}.',
    'Look at {log}, or run "gluon up" to see it start.',
  ),
  not_gluon: entry(502, 1, false, 'What answers at {address} is not Gluon: {why}.', 'Check GLUON_PORT and GLUON_HOME.'),
  wrong_use: entry(400, 2, false, '{why}', 'See "gluon {command} --help".'),
  file_exists: entry(409, 2, false, 'The file {path} exists already.', 'Edit it, or move it away first.'),
  file_unreadable: entry(400, 2, false, 'The file {path} cannot be read: {why}.', 'Check the path and its rights.'),
  shutting_down: entry(503, 1, true, 'Gluon is shutting down.', 'Try again when it is up.'),
  starting: entry(503, 1, true, 'Gluon is starting and still repairs what was left.', 'Try again in a few seconds; reading works already.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorParams = Readonly<Record<string, string | number>>;

export function errorSentence(code: ErrorCode, params: ErrorParams): string {
  return fill(ERRORS[code].sentence, params);
}

export function errorAction(code: ErrorCode, params: ErrorParams): string {
  return fill(ERRORS[code].action, params);
}

function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** An expected failure. It crosses every boundary as its code and parameters and is rendered once, where a person meets it. */
export class GluonError extends Error {
  override readonly name = 'GluonError';
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    super(errorSentence(code, params), options);
    this.code = code;
    this.params = params;
  }
}

export function isGluonError(error: unknown): error is GluonError {
  return error instanceof GluonError;
}
