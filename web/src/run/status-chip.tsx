import type { Run } from '../../../src/contract/resources.ts';
import { cx } from '../ui/class-names.ts';
import { statusWords, waitingWords } from './status-words.ts';

const LOOK: Record<Run['status'], string> = {
  pending: 'bg-pending-tint text-pending-fg shadow-[inset_0_0_0_1px_var(--pending-line)]',
  running: 'bg-running-tint text-running-fg shadow-[inset_0_0_0_1px_var(--running-line)]',
  review: 'bg-accent-tint text-accent-fg shadow-[inset_0_0_0_1px_var(--accent-line)]',
  completed: 'bg-completed-tint text-completed-fg shadow-[inset_0_0_0_1px_var(--completed-line)]',
  failed: 'bg-failed-tint text-failed-fg shadow-[inset_0_0_0_1px_var(--failed-line)]',
  cancelled: 'bg-cancelled-tint text-cancelled-fg shadow-[inset_0_0_0_1px_var(--cancelled-line)]',
};

const CHIP = 'inline-flex h-6 flex-none items-center gap-1.5 rounded-[5px] px-2 text-small font-medium whitespace-nowrap';

export function StatusChip({ run }: { run: Run }) {
  const asks = run.open_question !== null;
  return <span className={cx(CHIP, asks ? LOOK.review : LOOK[run.status])}>{statusWords(run)}</span>;
}

/** Beside the status, never instead of it: teal, dashed. */
export function WaitingChip({ waiting }: { waiting: NonNullable<Run['waiting']> }) {
  return (
    <span className={cx(CHIP, 'min-w-0 !flex-initial text-waiting-fg outline-1 -outline-offset-1 outline-waiting-line outline-dashed')}>
      <span className="truncate">{waitingWords(waiting)}</span>
    </span>
  );
}
