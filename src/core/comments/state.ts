/** What becomes of a comment on a line of a change. */
import { followLine, isInNew } from './follow-line.ts';

/** `open` until it is sent; then `sent` until the line changes (`addressed`); `obsolete` when the file or the line is gone. */
export const COMMENT_STATES = ['open', 'sent', 'addressed', 'obsolete'] as const;
export type CommentState = (typeof COMMENT_STATES)[number];

/** Unified diffs of the one file; empty: nothing differs. */
export type CommentDiffs =
  /** From the commit on which it was written to the head now; null: the file is gone. */
  | { side: 'new'; since: string | null }
  /** From the base to the commit on which it was written, and to the head now. */
  | { side: 'old'; before: string; now: string };

export interface PlacedComment {
  readonly state: CommentState;
  /** On its own side; null when the line is gone or changed. */
  readonly line: number | null;
}

/** A line that changed before the comment was sent is as good as gone: nobody was asked to change it. */
export function placeComment(stored: 'open' | 'sent', line: number, diffs: CommentDiffs): PlacedComment {
  const changed = { state: stored === 'sent' ? 'addressed' : 'obsolete', line: null } as const;
  if (diffs.side === 'old') {
    // The base does not change: what may change is whether the head still has its line.
    return isInNew(diffs.before, line) === isInNew(diffs.now, line) ? { state: stored, line } : changed;
  }
  if (diffs.since === null) return { state: 'obsolete', line: null };
  const place = followLine(diffs.since, line);
  if (place.kind === 'same') return { state: stored, line: place.line };
  return place.kind === 'changed' ? changed : { state: 'obsolete', line: null };
}
