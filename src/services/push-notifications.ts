/**
 * Carries new notifications to browsers. What was not handed over is marked so in the store: a crash or a service that is down delays,
 * and loses nothing within the hour. A browser may get one twice; it shows it once, by its tag.
 */
import { pushTitle } from '../core/notify/push-title.ts';
import type { PushEnd } from '../ports/push.ts';
import type { PushSubscriptionRow, ShownNotification } from '../ports/web-store.ts';
import { type Deps, iso } from './deps.ts';
import { noteProblem } from './problems.ts';
import { noteEnd, serviceOf } from './push-subscriptions.ts';

export interface PushCarrier {
  start(): void;
  /** Starts no further one, and waits a moment for the one that is on its way: it would be sent again after the next start. */
  stop(): Promise<void>;
}

/** Older ones would only surprise. */
const FRESH_MS = 3_600_000;
/** More than the bell keeps. */
const MOST_WAITING = 1_000;
/** Browsers that are sent to at the same time: a service that does not answer keeps one place for a while, never all. */
const AT_ONCE = 6;
/** After failures that may pass, of one endpoint; the last stays until the notification is too old. */
const PAUSES_MS = [5_000, 30_000, 120_000, 600_000];
const SETTLE_MS = 50;
const STOP_MS = 1_000;

interface Pause {
  failures: number;
  /** Monotonic. */
  untilMs: number;
}

export function pushCarrier(deps: Deps): PushCarrier {
  /** Endpoints that have a notification already, by its number: while others of it are tried again. */
  const handed = new Map<number, Set<string>>();
  /** By endpoint: only time ends one, or a success. New notifications wait with the old ones. */
  const pauses = new Map<string, Pause>();
  let problems = 0;
  let cancel: (() => void) | null = null;
  let dueMs = 0;
  let carrying: Promise<void> | null = null;
  /** Something came while a round was under way, which may not have seen it. */
  let again = false;
  let stopped = false;

  const pauseAfter = (failures: number): number => PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1] ?? 0;
  const pauseLeft = (endpoint: string): number => (pauses.get(endpoint)?.untilMs ?? 0) - deps.clock.monotonicMs();

  function soon(delayMs: number): void {
    if (stopped) return;
    const at = deps.clock.monotonicMs() + delayMs;
    if (cancel !== null && dueMs <= at) return;
    cancel?.();
    dueMs = at;
    cancel = deps.clock.after(delayMs, () => {
      cancel = null;
      carry();
    });
  }

  function carry(): void {
    if (stopped) return;
    if (carrying !== null) {
      again = true;
      return;
    }
    carrying = round()
      .then((waitMs) => {
        problems = 0;
        return waitMs;
      })
      .catch(async (error: unknown) => {
        problems += 1;
        await noteProblem(deps, 'push', error);
        return pauseAfter(problems);
      })
      .then((waitMs) => {
        carrying = null;
        if (again) soon(0);
        again = false;
        if (waitMs !== null) soon(waitMs);
      });
  }

  /** Tries each browser once that is not paused. How long until one is due for what is left; null: nothing is left. */
  async function round(): Promise<number | null> {
    const waiting = await deps.store.unpushed(iso(deps.clock.nowMs() - FRESH_MS), MOST_WAITING);
    const numbers = new Set(waiting.map((one) => one.id));
    for (const number of handed.keys()) if (!numbers.has(number)) handed.delete(number);
    const browsers = await deps.store.pushSubscriptions(null);
    for (const endpoint of pauses.keys()) if (!browsers.some((one) => one.endpoint === endpoint)) pauses.delete(endpoint);
    if (waiting.length === 0 || stopped) return null;
    const gone = new Set<string>();
    const line = browsers.filter((one) => pauseLeft(one.endpoint) <= 0);
    const serve = async (): Promise<void> => {
      for (let browser = line.shift(); browser !== undefined && !stopped; browser = line.shift())
        if (!(await handOver(browser, waiting))) gone.add(browser.endpoint);
    };
    // All come to their end, also when one fails: two rounds at once would send twice.
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, serve));
    const left = browsers.filter((one) => !gone.has(one.endpoint));
    const lacks = (browser: PushSubscriptionRow, { id }: ShownNotification) => handed.get(id)?.has(browser.endpoint) !== true;
    const done = waiting.filter((one) => !left.some((browser) => lacks(browser, one))).map((one) => one.id);
    if (done.length > 0) await deps.store.transaction((tx) => tx.markPushed(done), { survives: 'process' });
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const late = left.filter((browser) => waiting.some((one) => lacks(browser, one)));
    return late.length === 0 ? null : Math.max(0, Math.min(...late.map((browser) => pauseLeft(browser.endpoint))));
  }

  /** In order, until the service fails; false: the browser is gone. */
  async function handOver(browser: PushSubscriptionRow, waiting: readonly ShownNotification[]): Promise<boolean> {
    const { endpoint, user } = browser;
    for (const { id, kind, run_id, run_title } of waiting) {
      const got = handed.get(id) ?? new Set<string>();
      handed.set(id, got);
      if (got.has(endpoint)) continue;
      // Whoever signed out meanwhile is told nothing more.
      if (!(await deps.store.pushSubscriptions(user)).some((one) => one.endpoint === endpoint)) return false;
      // Read on the page meanwhile: nothing is left to be told.
      if ((await deps.store.notification(id, user))?.read !== false) {
        got.add(endpoint);
        continue;
      }
      if (stopped) return true;
      const payload = JSON.stringify({ title: pushTitle(kind, run_title), run_id, tag: `gluon-${id}` });
      const end = await deps.push.send(browser, payload, FRESH_MS / 1000);
      if (end.kind === 'later') {
        await pauseFor(endpoint, end);
        return true;
      }
      pauses.delete(endpoint);
      got.add(endpoint);
      await noteEnd(deps, endpoint, end);
      if (end.kind === 'gone') return false;
    }
    return true;
  }

  async function pauseFor(endpoint: string, end: Extract<PushEnd, { kind: 'later' }>): Promise<void> {
    // Told once, however many browsers wait for the same service.
    const known = [...pauses.keys()].some((other) => serviceOf(other) === serviceOf(endpoint));
    const failures = (pauses.get(endpoint)?.failures ?? 0) + 1;
    pauses.set(endpoint, { failures, untilMs: deps.clock.monotonicMs() + (end.afterMs ?? pauseAfter(failures)) });
    if (!known) await noteEnd(deps, endpoint, end);
  }

  return {
    start() {
      deps.bus.subscribe((hint) => {
        if (hint.type === 'notification_created') soon(SETTLE_MS);
      });
      // What an earlier server did not hand over.
      soon(0);
    },
    async stop() {
      stopped = true;
      cancel?.();
      if (carrying !== null) await Promise.race([carrying, deps.clock.sleep(STOP_MS)]);
    },
  };
}
