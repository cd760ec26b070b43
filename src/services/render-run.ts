/** The run as the API shows it. */
import type { Run } from '../contract/resources.ts';
import { legalMoves } from '../core/run/status.ts';
import type { RunRow } from '../ports/store.ts';

/** Fields of the row that are Gluon's own business. */
const INTERNAL = [
  'plan_first',
  'egress_allowed',
  'fork_session_id',
  'reserved_usd',
  'question_policy',
  'epoch',
  'config_commit',
  'cancel_requested',
  'next_attempt',
  'ports',
  'images',
  'transcript_seq',
  'queued_at',
  'settled_at',
] as const;
const HIDDEN: ReadonlySet<string> = new Set(INTERNAL);

type Shown = Omit<RunRow, (typeof INTERNAL)[number]>;

/** What of a run is kept beside its row. */
export type RunFacts = Pick<Run, 'unread' | 'open_question' | 'last_activity' | 'context_tokens' | 'context_window'>;

/** Of a run that has only just been made. */
export const NO_FACTS: RunFacts = { unread: false, open_question: null, last_activity: null, context_tokens: null, context_window: null };

export function renderRun(row: RunRow, projectName: string, facts: RunFacts): Run {
  return {
    ...shownFields(row),
    ...facts,
    project: projectName,
    worktree_path: row.worktree_state === 'present' || !row.use_worktree ? row.worktree_path : null,
    legal_moves: [...legalMoves(row.status)],
  };
}

/** Copied one by one: a copy from which fields are deleted afterwards takes six times as long, and a list has many. */
function shownFields(row: RunRow): Shown {
  const shown: Partial<Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(row)) if (!HIDDEN.has(name)) shown[name] = value;
  return shown as Shown;
}
