/** Faults 16 and 17: the wall clock jumps, or the machine slept. What ends a lease or an attempt is the monotonic clock alone. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTemporary, withProject, withRun } from '../../src/adapters/store/sqlite/opened.fixture.ts';
import { attemptRow } from '../../src/adapters/store/sqlite/rows.fixture.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Clock } from '../../src/ports/system.ts';
import { watchLimits } from '../../src/services/attempt/watch-limits.ts';
import type { Deps } from '../../src/services/deps.ts';
import { dispatcher } from '../../src/services/dispatch.ts';
import { liveAttempts } from '../../src/services/live-attempts.ts';
import { reconcileTick, type Unheld } from '../../src/services/reconcile.ts';

const DAY_MS = 86_400_000;

/** Two clocks: what people read may jump, what timers go by does not. */
class JumpingClock implements Clock {
  wallMs = Date.parse('2026-11-01T10:00:00Z');
  aliveMs = 1_000;
  #timers: { atMs: number; call: () => void }[] = [];
  nowMs = (): number => this.wallMs;
  monotonicMs = (): number => this.aliveMs;
  after = (delayMs: number, call: () => void): (() => void) => {
    const timer = { atMs: this.aliveMs + delayMs, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };
  sleep = (): Promise<void> => Promise.resolve();
  /** Both go on together. */
  async pass(ms: number): Promise<void> {
    const end = this.aliveMs + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.wallMs += next.atMs - this.aliveMs;
      this.aliveMs = next.atMs;
      next.call();
      // What a timer set in motion runs on real promises and real SQLite.
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    this.wallMs += end - this.aliveMs;
    this.aliveMs = end;
  }
}

let clock: JumpingClock;
let store: Store;
let problems: string[];
beforeEach(async () => {
  clock = new JumpingClock();
  store = await openTemporary();
  problems = [];
});
afterEach(() => expect(problems).toEqual([]));

function depsWith(over: object = {}): Deps {
  return {
    store,
    clock,
    workerId: 'this-server',
    live: liveAttempts(),
    held: new Set(),
    bus: { publish: () => {}, subscribe: () => () => {} },
    log: {
      debug() {},
      info() {},
      warn: (_: object, text: string) => problems.push(text),
      error: (_: object, text: string) => problems.push(text),
    },
    redact: (text: string) => text,
    fault: async () => {},
    settings: {
      get: (key: string) => ({ notifications: [], max_auto_resumes: 5, resume_after_loss: true, silence_minutes: 20 })[key] ?? 4,
    },
    sandbox: { reap: async () => 0, orphans: async () => [] },
    transcripts: {
      repair: async () => ({ last_seq: 0, repaired: false, lost: false }),
      read: async () => ({ items: [], last_seq: 0, counts: {} }),
    },
    home: { exists: async () => false, freeBytes: async () => 1e12 },
    gateway: { callsInFlight: () => 0 },
    random: { id: () => crypto.randomUUID().replaceAll('-', ''), uuid: () => crypto.randomUUID(), fraction: () => 0.5, token: () => '' },
    ...over,
  } as unknown as Deps;
}

async function liveRun(worker: string) {
  const project = await withProject(store);
  const run = await withRun(store, project.id, { status: 'running', epoch: 1, attempts: 1 });
  const attempt = attemptRow(run.id, {
    epoch: 1,
    state: 'live',
    worker_id: worker,
    lease_expires_at: new Date(clock.wallMs + 30_000).toISOString(),
  });
  await store.transaction((tx) => tx.insertAttempt(attempt));
  return { run, attempt };
}

describe('the lease of an attempt that nobody here holds', () => {
  test.each([
    ['forward', DAY_MS],
    ['back', -DAY_MS],
  ])('is not ended by a jump of a day %s, and ends after its 30 seconds all the same', async (_way, jumpMs) => {
    const { run } = await liveRun('another-server');
    const unheld: Unheld = new Map();
    const deps = depsWith();
    await reconcileTick(deps, unheld);
    clock.wallMs += jumpMs;
    await clock.pass(5_000);
    await reconcileTick(deps, unheld);
    expect((await store.run(run.id))?.status).toBe('running');
    await clock.pass(25_000);
    await reconcileTick(deps, unheld);
    expect(await store.run(run.id)).toMatchObject({ status: 'pending', outcome: 'lost', auto_resumes: 1 });
    expect((await store.attempts(run.id)).map((attempt) => attempt.outcome)).toEqual(['lost']);
    // It ends once.
    await clock.pass(60_000);
    await reconcileTick(deps, unheld);
    expect((await store.run(run.id))?.auto_resumes).toBe(1);
  });

  test('an attempt of our own that failed to be written down is found within two ticks', async () => {
    const { run } = await liveRun('this-server');
    const unheld: Unheld = new Map();
    const deps = depsWith();
    await reconcileTick(deps, unheld);
    await clock.pass(5_000);
    await reconcileTick(deps, unheld);
    expect((await store.run(run.id))?.outcome).toBe('lost');
  });
});

describe('the limits of an attempt', () => {
  test.each([DAY_MS, -DAY_MS])('a jump of %d ms ends nothing; time that passed does', async (jumpMs) => {
    const { run } = await liveRun('this-server');
    const stops: string[] = [];
    const watched = {
      run: { ...run, max_duration_minutes: 60 },
      waitingForPerson: () => false,
      stop: (reason: string) => stops.push(reason),
    };
    const limits = watchLimits(depsWith(), watched);
    await clock.pass(60_000);
    clock.wallMs += jumpMs;
    await clock.pass(18 * 60_000);
    expect(stops).toEqual([]);
    limits.seen();
    await clock.pass(19 * 60_000);
    expect(stops).toEqual([]);
    await clock.pass(60_000);
    expect(stops).toEqual(['silent']);
    limits.close();
  });
});

describe('a run that waits for a time', () => {
  test('starts once when the clock reaches it, also when the clock was set back a day and forward again', async () => {
    const project = await withProject(store);
    const until = new Date(clock.wallMs + 600_000).toISOString();
    const run = await withRun(store, project.id, {
      next_attempt: { kind: 'start', prompt: 'x', images: [], resume: false, not_before: until, by: 'gluon' },
    });
    const started: string[] = [];
    const deps = depsWith();
    const starter = dispatcher(deps, (claim) => started.push(claim.run.id));
    starter.start();
    starter.wake();
    await clock.pass(60_000);
    clock.wallMs -= DAY_MS;
    await clock.pass(120_000);
    expect(started).toEqual([]);
    clock.wallMs += DAY_MS + 600_000;
    await clock.pass(120_000);
    expect(started).toEqual([run.id]);
    await clock.pass(600_000);
    expect(started).toEqual([run.id]);
    await starter.stop();
  });

  test('a wake after eight hours of sleep starts no more than the limits allow', async () => {
    const project = await withProject(store);
    const due = new Date(clock.wallMs + 60_000).toISOString();
    for (let index = 0; index < 12; index += 1)
      await withRun(store, project.id, {
        next_attempt: { kind: 'start', prompt: 'x', images: [], resume: false, not_before: due, by: 'gluon' },
      });
    const started: string[] = [];
    const starter = dispatcher(depsWith(), (claim) => started.push(claim.run.id));
    starter.start();
    starter.wake();
    await clock.pass(1_000);
    expect(started).toEqual([]);
    clock.wallMs += 8 * 3_600_000;
    await clock.pass(120_000);
    expect(started).toHaveLength(4);
    await starter.stop();
  });
});
