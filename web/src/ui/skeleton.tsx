/** The shape of what comes. It shows only after 150 ms: what is quick does not flash. Nothing moves in it. */
import { cx } from './class-names.ts';

const APPEAR = 'opacity-100 transition-opacity delay-150 duration-0 starting:opacity-0';

/** One bar; give it its size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('block h-3 rounded-sm bg-active', APPEAR, className)} />;
}

/** Rows of a list or a table that is being read. */
export function SkeletonRows({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col">
      {WIDTHS.slice(0, rows).map((width) => (
        <span key={width} className="flex h-[34px] items-center gap-3 px-3.5">
          <Skeleton className="size-3 flex-none rounded-full" />
          <Skeleton className={width} />
        </span>
      ))}
    </div>
  );
}

const WIDTHS = ['w-[62%]', 'w-[44%]', 'w-[71%]', 'w-[38%]', 'w-[56%]', 'w-[49%]', 'w-[66%]', 'w-[35%]'] as const;
