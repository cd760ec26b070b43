/** A filter that is on or off, with how much it would show. */
import type { ReactNode } from 'react';
import { cx } from './class-names.ts';
import { whole } from './format.ts';

interface ChipProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly count?: number;
  readonly children: ReactNode;
}

export function FilterChip({ on, onChange, count, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onChange(!on)}
      className={cx(
        'inline-flex h-6 flex-none items-center gap-1.5 rounded-full px-2 text-small font-medium whitespace-nowrap pointer-coarse:h-11 pointer-coarse:px-3',
        on ? 'bg-active text-fg' : 'text-fg-2 hover:bg-hover',
      )}
    >
      {children}
      {count !== undefined && <span className={cx('num text-micro font-regular', on ? 'text-fg-2' : 'text-fg-3')}>{whole(count)}</span>}
    </button>
  );
}
