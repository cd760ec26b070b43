/** Handlers of what the web page asks beside runs and projects. */
import { GluonError } from '../contract/errors.ts';
import type { Handlers } from '../contract/handlers.ts';
import type { authOperations } from '../contract/operations/auth.ts';
import type { boardOperations } from '../contract/operations/board.ts';
import type { notificationOperations } from '../contract/operations/notifications.ts';
import type { reviewOperations } from '../contract/operations/review.ts';

type WebOperations = typeof authOperations & typeof boardOperations & typeof notificationOperations & typeof reviewOperations;

export function webHandlers(): Pick<Handlers, keyof WebOperations> {
  const later = async (): Promise<never> => {
    throw new GluonError('not_found', { what: 'that is not served yet' });
  };
  return {
    'auth.login': later,
    'auth.session': later,
    'auth.logout': later,
    'auth.login_link': later,
    'runs.cards': later,
    'runs.counts': later,
    'runs.mark_read': later,
    'runs.todos': later,
    'runs.message_counts': later,
    'runs.usage': later,
    'usage.run_series': later,
    'usage.series': later,
    'projects.commands': later,
    'search.query': later,
    'notifications.list': later,
    'notifications.read': later,
    'push.key': later,
    'push.subscribe': later,
    'push.unsubscribe': later,
    'push.test': later,
    'runs.comments': later,
    'runs.add_comment': later,
    'runs.edit_comment': later,
    'runs.remove_comment': later,
    'runs.send_comments': later,
  };
}
