/** The frame of views that are read rather than worked on: a head, then panels that scroll. */
import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

interface ViewHeadProps {
  readonly title: ReactNode;
  /** Right of the title: filters, segments. */
  readonly children?: ReactNode;
  /** At the right edge. */
  readonly actions?: ReactNode;
  /** The title is more than the name of the view, which the bar of a phone says already. */
  readonly titleOnPhone?: boolean;
}

export function ViewHead({ title, children, actions, titleOnPhone = false }: ViewHeadProps) {
  return (
    <header className="flex min-h-11 flex-none flex-wrap items-center gap-2 border-b border-line-subtle px-3.5 py-1.5">
      <h1 className={cx('mr-1 min-w-0 truncate text-h3 font-semibold tracking-(--track-head)', !titleOnPhone && 'max-phone:sr-only')}>
        {title}
      </h1>
      {children}
      {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2 max-phone:ml-0 max-phone:grow">{actions}</div>}
    </header>
  );
}

/** Scrolls by itself; also with the keyboard. */
export function ViewBody({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cx('min-h-0 flex-1 overflow-y-auto overscroll-contain p-3.5', className)}>{children}</div>;
}

interface PanelProps {
  readonly title?: ReactNode;
  readonly sub?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children?: ReactNode;
}

export function Panel({ title, sub, actions, className, children }: PanelProps) {
  return (
    <section className={cx('min-w-0 rounded-lg bg-raised shadow-[0_0_0_1px_var(--border-subtle),var(--e-card)]', className)}>
      {title !== undefined && (
        <div className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 px-3.5 py-1">
          <h2 className="font-semibold">{title}</h2>
          {sub !== undefined && <span className="min-w-0 text-small text-fg-3">{sub}</span>}
          {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
