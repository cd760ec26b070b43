import { cx } from './class-names.ts';
import { whole } from './format.ts';

/** A number in a pill; `you`: it is the person's turn. */
export function Count({ value, you = false, className }: { value: number; you?: boolean; className?: string }) {
  return (
    <span
      className={cx(
        'num inline-flex h-4 min-w-4.5 flex-none items-center justify-center rounded-full px-[5px] text-micro leading-none',
        you ? 'bg-accent font-semibold text-on-accent' : 'bg-active font-medium text-fg-2',
        className,
      )}
    >
      {whole(value)}
    </span>
  );
}
