/** Nothing here yet: what this place is, what to do, one action. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

interface EmptyProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text?: ReactNode;
  readonly children?: ReactNode;
  readonly className?: string;
}

/** `children`: the one action. */
export function Empty({ icon: Icon, title, text, children, className }: EmptyProps) {
  return (
    <div className={cx('m-auto flex max-w-md flex-col items-center gap-1 p-6 text-center text-balance', className)}>
      <Icon size={20} strokeWidth={1.75} aria-hidden className="mb-1 text-fg-3" />
      <p className="font-semibold">{title}</p>
      {text !== undefined && <p className="text-small text-fg-2">{text}</p>}
      {children !== undefined && <div className="mt-2">{children}</div>}
    </div>
  );
}
