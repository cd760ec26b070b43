/** What becomes of a comment on a line of a change. */

/** `open` until it is sent; then `sent` until the line changes (`addressed`); `obsolete` when the file or the line is gone. */
export const COMMENT_STATES = ['open', 'sent', 'addressed', 'obsolete'] as const;
export type CommentState = (typeof COMMENT_STATES)[number];
