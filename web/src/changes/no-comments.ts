/** Comments belong to the whole change: a single commit is shown without. */
import type { Side } from './diff/rows.ts';
import type { Comments } from './use-comments.ts';

export const NOWHERE: readonly Side[] = [];

export const NO_COMMENTS: Comments = {
  all: [],
  open: [],
  error: null,
  reload: () => {},
  add: async () => {},
  edit: async () => {},
  remove: async () => {},
  send: async () => {},
};
