/** Status and health as shapes of their own: each can be told in grey, at 12 px, and by a screen reader (the word stands beside it). */
import type { ReactNode } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { cx } from './class-names.ts';

export type GlyphName = Run['status'] | 'waiting' | 'healthy' | 'slow' | 'looping' | 'stuck' | 'zombie';

const COLOUR: Record<GlyphName, string> = {
  pending: 'text-pending-solid',
  running: 'text-running-solid',
  review: 'text-accent',
  completed: 'text-completed-solid',
  failed: 'text-failed-solid',
  cancelled: 'text-cancelled-solid',
  waiting: 'text-waiting-solid',
  healthy: 'text-completed-solid',
  slow: 'text-warning-solid',
  looping: 'text-(--looping-solid)',
  stuck: 'text-failed-solid',
  zombie: 'text-(--zombie-solid)',
};

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.8, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
/** Cut out of a filled shape: the ground shows through. */
const cut = {
  fill: 'none',
  stroke: 'var(--knock, var(--raised))',
  strokeWidth: 1.8,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const SHAPES: Record<GlyphName, ReactNode> = {
  pending: <circle cx="8" cy="8" r="6" {...line} strokeWidth={1.6} strokeDasharray="2.4 2.3" />,
  running: (
    <>
      <circle cx="8" cy="8" r="6" {...line} strokeWidth={2} opacity={0.25} />
      <path d="M8 2a6 6 0 0 1 6 6" {...line} strokeWidth={2} />
    </>
  ),
  review: (
    <>
      <circle cx="8" cy="8" r="6" {...line} />
      <path d="M8 4.6a3.4 3.4 0 0 1 0 6.8z" fill="currentColor" />
    </>
  ),
  completed: (
    <>
      <circle cx="8" cy="8" r="6.8" fill="currentColor" />
      <path d="m5 8.2 2.1 2.1L11 6.2" {...cut} />
    </>
  ),
  failed: (
    <>
      <path d="M5.2 1.4h5.6l3.8 3.8v5.6l-3.8 3.8H5.2l-3.8-3.8V5.2z" fill="currentColor" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" {...cut} />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6" {...line} />
      <path d="m4 12 8-8" {...line} />
    </>
  ),
  waiting: <circle cx="8" cy="8" r="4.4" {...line} strokeWidth={1.6} />,
  healthy: <circle cx="8" cy="8" r="4.6" fill="currentColor" />,
  slow: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path d="M8 4.5V8l2.4 1.5" {...cut} strokeWidth={1.6} />
    </>
  ),
  looping: (
    <>
      <path d="M3 7.2A5.2 5.2 0 0 1 12.4 5.2M13 8.8a5.2 5.2 0 0 1-9.4 2" {...line} strokeWidth={2} />
      <path d="M13.6 2.6v4H9.6zM2.4 13.4v-4h4z" fill="currentColor" />
    </>
  ),
  stuck: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2.6" fill="currentColor" />
      <path d="M5.2 8h5.6" {...cut} />
    </>
  ),
  zombie: (
    <>
      <path
        d="M8 1.6a5.1 5.1 0 0 0-5.1 5.1v7.4l1.8-1.4 1.6 1.4L8 12.7l1.7 1.4 1.6-1.4 1.8 1.4V6.7A5.1 5.1 0 0 0 8 1.6z"
        fill="currentColor"
      />
      <circle cx="6.1" cy="6.8" r="1" fill="var(--knock, var(--raised))" />
      <circle cx="9.9" cy="6.8" r="1" fill="var(--knock, var(--raised))" />
    </>
  ),
};

export function Glyph({ name, size = 14, className }: { name: GlyphName; size?: number; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      className={cx('block flex-none', COLOUR[name], name === 'running' && 'spin', className)}
    >
      {SHAPES[name]}
    </svg>
  );
}
