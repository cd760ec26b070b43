/** Tells a new notification: as a toast when the page is seen, as the system's own when it is open behind others. */
import type { Notification } from '../../../src/contract/web-resources.ts';
import { openQuestion } from '../questions/open-question.ts';
import { questions } from '../questions/questions.ts';
import { toast } from '../ui/toast.tsx';
import { showOnSystem } from './browser.ts';
import { headOf, KINDS } from './words.ts';

/** `open` shows a run; `shown` is the run that the view shows. */
export function tellNotification(notification: Notification, shown: string | null, open: (run: string) => void): void {
  if (document.visibilityState === 'hidden' || !document.hasFocus()) showOnSystem(notification);
  const { toast: kind } = KINDS[notification.kind];
  const { run_id } = notification;
  // Whoever looks at the run sees it there.
  if (kind === null || (run_id !== null && run_id === shown)) return;
  const question = questions.get().find((each) => each.run_id === run_id);
  const action =
    notification.kind === 'question_parked' && question !== undefined
      ? { label: 'Answer', run: () => openQuestion(question.id) }
      : run_id === null
        ? undefined
        : { label: 'Open run', run: () => open(run_id) };
  toast({ kind, title: headOf(notification), text: notification.text, action });
}
