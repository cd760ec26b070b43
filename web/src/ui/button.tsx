/** Buttons. One `primary` (ink) in a view; `you` (iris) is for `Answer` alone. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Glyph } from './glyph.tsx';

const KINDS = {
  quiet: 'text-fg hover:bg-hover',
  outline:
    'bg-raised text-fg shadow-[inset_0_0_0_1px_var(--border),var(--e-card)] hover:bg-raised-hover hover:shadow-[inset_0_0_0_1px_var(--border-control)]',
  primary: 'bg-ink text-on-ink hover:bg-ink-hover [&_kbd]:bg-transparent [&_kbd]:text-inherit [&_kbd]:shadow-none [&_kbd]:opacity-70',
  danger: 'bg-raised text-failed-fg shadow-[inset_0_0_0_1px_var(--failed-line)] hover:bg-failed-tint',
  you: 'bg-accent text-on-accent hover:bg-accent-hover',
} as const;

const SIZES = {
  xs: 'h-5 px-2 text-micro rounded-sm gap-1',
  sm: 'h-6 px-2 text-small rounded-[5px] gap-[5px]',
  md: 'h-7 px-2.5 rounded-md gap-1.5',
  lg: 'h-8 px-3.5 rounded-md gap-1.5',
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: keyof typeof KINDS;
  readonly size?: keyof typeof SIZES;
  /** Keeps its width, shows the arc and takes no click. */
  readonly busy?: boolean;
  /** Only an icon: needs `aria-label`. */
  readonly icon?: boolean;
  readonly children?: ReactNode;
}

/** At least 44 px high under a finger. */
export function Button({ kind = 'quiet', size = 'md', busy = false, icon = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(
        'relative inline-flex flex-none items-center justify-center font-medium whitespace-nowrap transition-colors duration-(--d-fast) disabled:pointer-events-none disabled:text-fg-disabled pointer-coarse:min-h-11',
        KINDS[kind],
        SIZES[size],
        icon && 'aspect-square px-0 text-fg-2 pointer-coarse:min-w-11',
        className,
      )}
    >
      {busy ? (
        <>
          <span className="invisible contents">{children}</span>
          <span className="absolute inset-0 grid place-items-center">
            <Glyph name="running" size={14} />
          </span>
        </>
      ) : (
        children
      )}
    </button>
  );
}
