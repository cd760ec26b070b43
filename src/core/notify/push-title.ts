import type { NotificationKind } from './kinds.ts';

const WORDS: Record<NotificationKind, string> = {
  question_asked: 'Question',
  question_parked: 'Waits for you',
  run_review: 'Review',
  run_completed: 'Done',
  run_failed: 'Failed',
  cap_reached: 'Cap reached',
  egress_refused: 'Connection refused',
  capacity: 'Waiting for capacity',
  merge_refused: 'Merge refused',
};
const MAX_TITLE = 120;

/** What leaves this machine of a notification: the kind and the run's title, nothing that an agent said. */
export function pushTitle(kind: NotificationKind, runTitle: string | null): string {
  const letters = [...(runTitle === null ? WORDS[kind] : `${WORDS[kind]}: ${runTitle}`)];
  return letters.length > MAX_TITLE ? `${letters.slice(0, MAX_TITLE - 1).join('')}…` : letters.join('');
}
