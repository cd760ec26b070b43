/** Handlers of what the web page asks beside runs and projects. */
import type { Handlers } from '../contract/handlers.ts';
import type { authOperations } from '../contract/operations/auth.ts';
import type { boardOperations } from '../contract/operations/board.ts';
import type { notificationOperations } from '../contract/operations/notifications.ts';
import type { reviewOperations } from '../contract/operations/review.ts';
import { countRuns, listCards, markRead } from './board.ts';
import { listCommands } from './completion.ts';
import type { Deps } from './deps.ts';
import { findRun } from './find.ts';
import { listNotifications, readNotifications } from './notifications.ts';
import { subscribe, testPush, unsubscribe } from './push-subscriptions.ts';
import { addComment, editComment, listComments, removeComment, sendComments } from './review-comments.ts';
import { search } from './search.ts';
import { runSeries, runUsage, usageSeries } from './usage-series.ts';
import { shownSession, type WebSessions } from './web-sessions.ts';

type WebOperations = typeof authOperations & typeof boardOperations & typeof notificationOperations & typeof reviewOperations;

export interface WebControls {
  readonly sessions: WebSessions;
  readonly address: () => string;
}

const DONE = { done: true } as const;

export function webHandlers(deps: Deps, server: WebControls): Pick<Handlers, keyof WebOperations> {
  return {
    'auth.login': async (input, context) => server.sessions.login(input, context),
    'auth.session': async (_input, context) => shownSession(context),
    'auth.logout': async (_input, context) => {
      await server.sessions.logout(context);
      return DONE;
    },
    'auth.login_link': async (_input, context) => server.sessions.loginLink(server.address(), context),
    'runs.cards': async (input, context) => listCards(deps, input, context.user),
    'runs.counts': async () => countRuns(deps),
    'runs.mark_read': async (input, context) => {
      await markRead(deps, input.run, context.user);
      return DONE;
    },
    'runs.todos': async (input) => {
      const facts = await deps.store.runFacts((await findRun(deps.store, input.run)).id);
      return { items: facts?.todos ?? [], at: facts?.todos_at ?? null };
    },
    'runs.message_counts': async (input) => deps.transcripts.counts((await findRun(deps.store, input.run)).id),
    'runs.usage': async (input) => runUsage(deps, input.run),
    'usage.run_series': async (input) => runSeries(deps, input.run),
    'usage.series': async (input) => usageSeries(deps, input),
    'projects.commands': async (input) => listCommands(deps, input.project),
    'search.query': async (input) => search(deps, input),
    'notifications.list': async (input, context) => listNotifications(deps, input, context.user),
    'notifications.read': async (input, context) => readNotifications(deps, input, context.user),
    'push.key': async () => ({ public_key: deps.push.publicKey() }),
    'push.subscribe': async (input, context) => {
      await subscribe(deps, input, context);
      return DONE;
    },
    'push.unsubscribe': async (input, context) => {
      await unsubscribe(deps, input.endpoint, context.user, context.actor);
      return DONE;
    },
    'push.test': async (_input, context) => testPush(deps, context.user),
    'runs.comments': async (input) => ({ items: await listComments(deps, input.run) }),
    'runs.add_comment': async (input, context) => addComment(deps, input, context.actor),
    'runs.edit_comment': async (input) => editComment(deps, input),
    'runs.remove_comment': async (input) => {
      await removeComment(deps, input);
      return DONE;
    },
    'runs.send_comments': async (input, context) => sendComments(deps, input, context.actor),
  };
}
