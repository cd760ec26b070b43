/** What people are told of, whatever the way: the bell, the browser's own notifications. */

export const NOTIFICATION_KINDS = [
  'question_asked',
  'question_parked',
  'run_review',
  'run_completed',
  'run_failed',
  'cap_reached',
  'egress_refused',
  'capacity',
  'merge_refused',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];
