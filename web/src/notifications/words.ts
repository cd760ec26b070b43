/** How a notification is shown: its kind in words, and whether it interrupts. Pure. */
import type { Notification } from '../../../src/contract/web-resources.ts';
import type { GlyphName } from '../ui/glyph.tsx';
import type { Toast } from '../ui/toast.tsx';

type Kind = Notification['kind'];

export interface KindLook {
  readonly words: string;
  readonly glyph: GlyphName;
  /** The toast that tells it; null: the bell is enough, or something else tells it. */
  readonly toast: Toast['kind'] | null;
}

export const KINDS: Record<Kind, KindLook> = {
  // A question has a toast of its own, with its answer button.
  question_asked: { words: 'Input required', glyph: 'review', toast: null },
  question_parked: { words: 'Parked with a question', glyph: 'waiting', toast: 'you' },
  run_review: { words: 'Ready for review', glyph: 'review', toast: 'you' },
  run_completed: { words: 'Done', glyph: 'completed', toast: null },
  run_failed: { words: 'Failed', glyph: 'failed', toast: 'error' },
  cap_reached: { words: 'Cap reached', glyph: 'stuck', toast: 'refused' },
  egress_refused: { words: 'Connection refused', glyph: 'cancelled', toast: null },
  capacity: { words: 'Waiting for capacity', glyph: 'waiting', toast: null },
  merge_refused: { words: 'Merge refused', glyph: 'failed', toast: null },
};

/** "Ready for review: Fix the sign-up". */
export function headOf(notification: Pick<Notification, 'kind' | 'run_title'>): string {
  const { words } = KINDS[notification.kind];
  return notification.run_title === null ? words : `${words}: ${notification.run_title}`;
}

/** Pages of notifications after one of them, or all, was read. */
export function withRead<T extends Pick<Notification, 'id' | 'read'>>(items: readonly T[], ids: readonly number[] | null): T[] {
  const wanted = ids === null ? null : new Set(ids);
  return items.map((each) => (!each.read && (wanted === null || wanted.has(each.id)) ? { ...each, read: true } : each));
}
