/** A failure beside its cause: what happened, why, what to do, and trying again. */
import { ApiFailure } from '../api/failure.ts';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import { Glyph } from './glyph.tsx';

interface ProblemProps {
  /** What did not work: "The projects could not be read". */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly className?: string;
}

export function Problem({ title, error, onRetry, className }: ProblemProps) {
  return (
    <div
      role="alert"
      className={cx('flex items-start gap-2.5 rounded-lg bg-failed-tint p-3 shadow-[inset_0_0_0_1px_var(--failed-line)]', className)}
    >
      <Glyph name="failed" size={14} className="mt-[3px]" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="text-small break-words text-fg-2">{sentenceOf(error)}</p>
      </div>
      {onRetry !== undefined && (
        <Button kind="outline" size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** The server's sentence and what it says to do. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiFailure) return [error.message, error.action].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : String(error);
}
