/** Comments on lines of a run's change: kept with the run, followed as the change goes on, sent to the agent as one message. */
import { GluonError } from '../contract/errors.ts';
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import type { ReviewComment } from '../contract/web-resources.ts';
import { commentsMessage } from '../core/comments/message.ts';
import { type CommentDiffs, placeComment } from '../core/comments/state.ts';
import type { RunRow } from '../ports/store.ts';
import type { ReviewCommentRow } from '../ports/web-store.ts';
import { type Deps, now } from './deps.ts';
import { findRun, projectOf } from './find.ts';
import { sendToRun } from './talk-to-run.ts';
import { type Unit, unitOfWork } from './unit-of-work.ts';

/** More than anybody reads; each one costs a look at a diff. */
const MOST_COMMENTS = 500;
/** A file whose diff is longer than this is not followed beyond. */
const DIFF_LINES = 20_000;

/** Each with what became of its line: found out now, from the objects of the project. */
export async function listComments(deps: Deps, ref: string): Promise<ReviewComment[]> {
  const run = await findRun(deps.store, ref);
  return placed(deps, run, await deps.store.reviewComments(run.id));
}

async function placed(deps: Deps, run: RunRow, rows: readonly ReviewCommentRow[]): Promise<ReviewComment[]> {
  if (rows.length === 0) return [];
  const diffs = await diffReader(deps, run);
  const shown: ReviewComment[] = [];
  for (const row of rows) {
    const { state, line } = placeComment(row.state, row.line, await diffs(row));
    shown.push({ ...row, state, current_line: line });
  }
  return shown;
}

/** Reads each diff once, however many comments are on it. */
async function diffReader(deps: Deps, run: RunRow): Promise<(row: ReviewCommentRow) => Promise<CommentDiffs>> {
  const project = await projectOf(deps.store, run);
  const { base_commit: base } = run;
  const head = run.head_commit ?? base;
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const found = (known.get(key) as Promise<T> | undefined) ?? read();
    known.set(key, found);
    return found;
  };
  const changes = (from: string, to: string) => once(`${from}..${to}`, () => deps.git.changes(project.path, from, to));
  const diff = async (from: string | null, to: string | null, path: string): Promise<string> => {
    if (from === null || to === null || from === to) return '';
    const read = () => deps.git.diff(project.path, from, to, { path, offset: 0, limit: DIFF_LINES });
    return (await once(`${from}..${to}:${path}`, read)).text;
  };
  return async ({ side, commit, path }) => {
    const then = commit ?? base;
    if (side === 'old') return { side, before: await diff(base, then, path), now: await diff(base, head, path) };
    if (then === null || head === null || then === head) return { side, since: '' };
    const change = (await changes(then, head)).find((one) => one.path === path || one.old_path === path);
    if (change === undefined) return { side, since: '' };
    // A file that moved is followed to its new place; what stands under its old name then is another file.
    if (change.change === 'deleted') return { side, since: null };
    return { side, since: await diff(then, head, change.path) };
  };
}

export async function addComment(deps: Deps, input: ParsedInput<'runs.add_comment'>, actor: string): Promise<ReviewComment> {
  const run = await findRun(deps.store, input.run);
  const at = now(deps);
  const { run: _run, ...fields } = input;
  const row: ReviewCommentRow = {
    ...fields,
    id: deps.random.id(),
    run_id: run.id,
    state: 'open',
    by: actor,
    commit: run.head_commit,
    created_at: at,
    updated_at: at,
    sent_at: null,
  };
  await unitOfWork(deps, async (unit) => {
    if ((await unit.tx.reviewComments(run.id)).length >= MOST_COMMENTS)
      throw new GluonError('too_large', { what: 'the comments of one run', limit: MOST_COMMENTS });
    await unit.tx.insertReviewComment(row);
    tell(unit, run.id);
  });
  return { ...row, current_line: row.line };
}

/** Throws `comment_settled` once it was sent. */
export async function editComment(deps: Deps, input: ParsedInput<'runs.edit_comment'>): Promise<ReviewComment> {
  const run = await findRun(deps.store, input.run);
  const rows = await unitOfWork(deps, async (unit) => {
    const row = await commentOf(unit, run, input.id);
    if (!(await unit.tx.editReviewComment(row.id, run.id, input.body, now(deps)))) throw new GluonError('comment_settled');
    tell(unit, run.id);
    return unit.tx.reviewComments(run.id);
  });
  const [comment] = await placed(
    deps,
    run,
    rows.filter((row) => row.id === input.id),
  );
  if (comment === undefined) throw new GluonError('comment_not_found', { id: input.id });
  return comment;
}

export async function removeComment(deps: Deps, input: ParsedInput<'runs.remove_comment'>): Promise<void> {
  const run = await findRun(deps.store, input.run);
  await unitOfWork(deps, async (unit) => {
    const row = await commentOf(unit, run, input.id);
    await unit.tx.deleteReviewComment(row.id, run.id);
    tell(unit, run.id);
  });
}

async function commentOf(unit: Unit, run: RunRow, id: string): Promise<ReviewCommentRow> {
  const row = (await unit.tx.reviewComments(run.id)).find((one) => one.id === id);
  if (row === undefined) throw new GluonError('comment_not_found', { id });
  return row;
}

/**
 * The message and the mark on its comments are one step: a comment goes to the agent once. Unless named, comments whose line is gone are
 * left out. Throws `nothing_to_send`, `comment_not_found`, `comment_settled`.
 */
export async function sendComments(
  deps: Deps,
  input: ParsedInput<'runs.send_comments'>,
  actor: string,
): Promise<OperationOutput<'runs.send_comments'>> {
  const run = await findRun(deps.store, input.run);
  const chosen = choose(run, await listComments(deps, run.id), input.ids);
  const ids = chosen.map((comment) => comment.id);
  const text = commentsMessage(chosen, input.message ?? '');
  const message = await sendToRun(deps, { run: run.id, text, now: input.now, images: [] }, actor, async (unit) => {
    // Somebody else may have sent one of them meanwhile.
    if ((await unit.tx.markCommentsSent(run.id, ids, now(deps))) !== ids.length) throw new GluonError('comment_settled');
    tell(unit, run.id);
  });
  const { now: _now, ...shown } = message;
  return { message: shown, comments: (await listComments(deps, run.id)).filter((comment) => ids.includes(comment.id)) };
}

function choose(run: RunRow, comments: readonly ReviewComment[], ids: readonly string[] | undefined): ReviewComment[] {
  const chosen =
    ids === undefined
      ? comments.filter((comment) => comment.state === 'open')
      : [...new Set(ids)].map((id) => {
          const comment = comments.find((one) => one.id === id);
          if (comment === undefined) throw new GluonError('comment_not_found', { id });
          return comment;
        });
  if (chosen.length === 0) throw new GluonError('nothing_to_send', { run: run.id.slice(0, 8) });
  return chosen;
}

function tell(unit: Unit, runId: string): void {
  unit.publish({ topic: `run:${runId}`, type: 'comments_updated', data: { id: runId } });
}
