/**
 * Carries new notifications to browsers. What was not handed over is marked so in the store: a crash or a service that is down delays,
 * and loses nothing within the hour. A browser may get one twice; it shows it once, by its tag.
 */
import { pushTitle } from '../core/notify/push-title.ts';
import type { PushSubscriptionRow, ShownNotification } from '../ports/web-store.ts';
import { type Deps, iso } from './deps.ts';
import { noteProblem } from './problems.ts';
import { noteEnd } from './push-subscriptions.ts';

export interface PushCarrier {
  start(): void;
  /** Starts no further one, and waits a moment for the one that is on its way: it would be sent again after the next start. */
  stop(): Promise<void>;
}

/** Older ones would only surprise. */
const FRESH_MS = 3_600_000;
const AT_ONCE = 20;
/** After failures that may pass; the last stays until the notification is too old. */
const PAUSES_MS = [5_000, 30_000, 120_000, 600_000];
const SETTLE_MS = 50;
const STOP_MS = 1_000;

export function pushCarrier(deps: Deps): PushCarrier {
  /** Endpoints that have a notification already, by its number: while others of it are tried again. */
  const handed = new Map<number, Set<string>>();
  let failures = 0;
  let cancel: (() => void) | null = null;
  let dueMs = 0;
  let carrying: Promise<void> | null = null;
  let stopped = false;

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
    // Whoever carries looks again at its end.
    if (carrying !== null || stopped) return;
    carrying = carryAll()
      .then((waitMs) => {
        failures = waitMs === null ? 0 : failures + 1;
        return waitMs;
      })
      .catch(async (error: unknown) => {
        failures += 1;
        await noteProblem(deps, 'push', error);
        return pause();
      })
      .then((waitMs) => {
        carrying = null;
        if (waitMs !== null) soon(waitMs);
      });
  }

  const pause = (): number => PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0;

  /** How long to wait for the next try; null: nothing is left. */
  async function carryAll(): Promise<number | null> {
    for (;;) {
      const waiting = await deps.store.unpushed(iso(deps.clock.nowMs() - FRESH_MS), AT_ONCE);
      for (const number of handed.keys()) if (!waiting.some((one) => one.id === number)) handed.delete(number);
      if (waiting.length === 0 || stopped) return null;
      const browsers = await deps.store.pushSubscriptions(null);
      const done: number[] = [];
      let waitMs: number | null = null;
      for (const notification of waiting) {
        const later = await handOver(notification, browsers);
        if (later === null) done.push(notification.id);
        else waitMs = Math.max(waitMs ?? 0, later);
      }
      await deps.store.transaction((tx) => tx.markPushed(done), { survives: 'process' });
      for (const number of done) handed.delete(number);
      if (waitMs !== null) return waitMs;
    }
  }

  /** Null: every browser has it, or never will. */
  async function handOver(notification: ShownNotification, browsers: readonly PushSubscriptionRow[]): Promise<number | null> {
    const got = handed.get(notification.id) ?? new Set<string>();
    handed.set(notification.id, got);
    const { id, kind, run_id, run_title } = notification;
    const payload = JSON.stringify({ title: pushTitle(kind, run_title), run_id, tag: `gluon-${id}` });
    let waitMs: number | null = null;
    for (const browser of browsers) {
      if (got.has(browser.endpoint) || stopped) continue;
      // Read on the page meanwhile: nothing is left to be told.
      if ((await deps.store.notification(id, browser.user))?.read !== false) continue;
      const end = await deps.push.send(browser, payload, FRESH_MS / 1000);
      if (end.kind === 'later') {
        // Told once: the same service is tried again for all that waits.
        if (failures === 0) await noteEnd(deps, browser.endpoint, end);
        waitMs = Math.max(waitMs ?? 0, end.afterMs ?? pause());
        continue;
      }
      got.add(browser.endpoint);
      await noteEnd(deps, browser.endpoint, end);
    }
    return stopped ? 0 : waitMs;
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
