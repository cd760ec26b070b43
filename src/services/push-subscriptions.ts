/** Browsers that want notifications while no page is open. */
import { GluonError } from '../contract/errors.ts';
import type { CallContext } from '../contract/handlers.ts';
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import type { PushSubscriptionRow } from '../ports/web-store.ts';
import { type Deps, now } from './deps.ts';
import { type Unit, unitOfWork } from './unit-of-work.ts';

const MOST_BROWSERS = 50;
/** A test that nobody saw within so long proves nothing. */
const TEST_SECONDS = 60;

/** Name of the service alone: the rest of an endpoint is a secret of the browser. */
export function serviceOf(endpoint: string): string {
  return URL.parse(endpoint)?.hostname ?? 'unknown';
}

type Subscriber = Pick<CallContext, 'user' | 'actor' | 'session'>;

/** Lasts as long as the session that asks. Throws `push_endpoint_invalid`, `push_limit`, `unauthenticated`. */
export async function subscribe(deps: Deps, input: ParsedInput<'push.subscribe'>, context: Subscriber): Promise<void> {
  const { endpoint } = input;
  const { user, actor } = context;
  const session = context.session?.id ?? null;
  const row: PushSubscriptionRow = { endpoint, user, ...input.keys, created_at: now(deps), session };
  const why = await deps.push.problem(row);
  if (why !== null) throw new GluonError('push_endpoint_invalid', { why });
  await unitOfWork(deps, async (unit) => {
    // It may have ended while the endpoint was looked at.
    if (session !== null && !(await unit.tx.webSessions()).some((one) => one.id === session)) throw new GluonError('unauthenticated');
    const all = await unit.tx.pushSubscriptions(null);
    const known = all.some((one) => one.endpoint === endpoint);
    if (!known && all.length >= MOST_BROWSERS) throw new GluonError('push_limit', { limit: MOST_BROWSERS });
    await unit.tx.putPushSubscription(row);
    if (!known) await unit.record('push.subscribed', { service: serviceOf(endpoint), user }, { actor });
  });
}

/** One's own; that there is none is what was wanted. */
export async function unsubscribe(deps: Deps, endpoint: string, user: string, actor: string): Promise<void> {
  await unitOfWork(deps, async (unit) => {
    if (!(await unit.tx.deletePushSubscription(endpoint, user))) return;
    await unit.record('push.unsubscribed', { service: serviceOf(endpoint), why: 'the person wanted it' }, { actor });
  });
}

/** What sessions that end have subscribed ends in the same transaction: whoever signed out is told nothing more. */
export async function unsubscribeSessions(unit: Unit, sessions: readonly string[]): Promise<void> {
  for (const { endpoint, session } of await unit.tx.pushSubscriptions(null)) {
    if (session === null || !sessions.includes(session)) continue;
    await unit.tx.deletePushSubscription(endpoint, null);
    const payload = { service: serviceOf(endpoint), why: 'the session that made it has ended' };
    await unit.record('push.unsubscribed', payload, { actor: 'gluon' });
  }
}

export async function testPush(deps: Deps, user: string): Promise<OperationOutput<'push.test'>> {
  const counts = { sent: 0, failed: 0, removed: 0 };
  const payload = JSON.stringify({ title: 'Gluon can reach this browser', run_id: null, tag: 'test' });
  for (const target of await deps.store.pushSubscriptions(user)) {
    const end = await deps.push.send(target, payload, TEST_SECONDS);
    if (end.kind === 'sent') counts.sent += 1;
    else if (end.kind === 'gone') counts.removed += 1;
    else counts.failed += 1;
    await noteEnd(deps, target.endpoint, end);
  }
  return counts;
}

/** What did not arrive leaves an event; a browser that is gone is taken off the list. */
export async function noteEnd(deps: Deps, endpoint: string, end: Awaited<ReturnType<Deps['push']['send']>>): Promise<void> {
  if (end.kind === 'sent') return;
  const service = serviceOf(endpoint);
  await unitOfWork(deps, async (unit) => {
    if (end.kind !== 'gone') return unit.record('push.failed', { service, why: end.why }, { actor: 'gluon' });
    await unit.tx.deletePushSubscription(endpoint, null);
    return unit.record('push.unsubscribed', { service, why: 'the browser does not want it any more' }, { actor: 'gluon' });
  });
}
