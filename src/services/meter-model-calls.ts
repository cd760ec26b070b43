/** The ledger of model calls: reserves before a call leaves, settles when it came back. Every sum is in the store. */
import type { Bus } from '../ports/bus.ts';
import type { CallRequest, Meter, Reservation, TokenGrant } from '../ports/gateway.ts';
import type { Settings } from '../ports/settings.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Log, Random } from '../ports/system.ts';
import { mostOf, type Reserved, reserveModelCall } from './reserve-model-call.ts';
import { type CallEnd, type ReservedCall, settledCostUsd, settleModelCall } from './settle-model-call.ts';

export interface MeterDeps {
  readonly store: Store;
  readonly bus: Bus;
  /** Takes known secrets out of what is recorded. */
  readonly redact: (text: string) => string;
  readonly settings: Pick<Settings, 'get'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly log: Pick<Log, 'error'>;
  /** A call of the run left or came back. */
  readonly onSeen: (runId: string) => void;
  /** The provider holds back: `why` is `billing`, `rate_limit`, `overloaded` or the name of a unified limit. */
  readonly onRateLimited: (runId: string, info: Parameters<Meter['rateLimited']>[1]) => void;
}

export interface ModelCallMeter extends Meter {
  /**
   * Settles what an earlier process reserved and never settled, at the most it may have cost: what is not known counts as spent.
   * Returns how many there were. Calls of this process that are in flight are left alone.
   */
  recoverUnsettled(): Promise<number>;
}

/** Shorter than the time after which an agent gives a request up. */
const LONGEST_WAIT_MS = 540_000;
/** The percentile moves slowly; one read serves many calls. */
const P90_FRESH_MS = 30_000;
/** When a settlement cannot be written; after the last the row stays reserved until the next start. */
const RETRY_AFTER_MS = [1_000, 5_000, 30_000, 120_000];
/** Refusals remembered as recorded; past that some may be recorded twice. */
const MAX_TOLD = 10_000;

export function meterModelCalls(deps: MeterDeps): ModelCallMeter {
  const open = new Map<string, ReservedCall>();
  const changes = settlementsByRun();
  const p90Of = outputP90s(deps);
  const told = new Set<string>();
  let recovering: Promise<number> | null = null;

  const firstTime = (key: string): boolean => {
    if (told.has(key)) return false;
    if (told.size >= MAX_TOLD) told.clear();
    told.add(key);
    return true;
  };

  const settle = async (callId: string, end: CallEnd, tries: number): Promise<void> => {
    const call = open.get(callId);
    if (call === undefined) return;
    // Taken off first: a second settlement of the same call finds nothing.
    open.delete(callId);
    try {
      await settleModelCall(deps, call, end, settledCostUsd(call, end, deps.settings.get('prices')));
    } catch (error) {
      const delayMs = RETRY_AFTER_MS[tries];
      if (delayMs !== undefined) {
        open.set(callId, call);
        deps.clock.after(delayMs, () => {
          settle(callId, end, tries + 1).catch((again: unknown) =>
            deps.log.error({ run: call.runId, error: again }, 'a call was not settled'),
          );
        });
      }
      throw error;
    }
    changes.wake(call.runId);
  };

  return {
    async reserve(grant, request, signal) {
      const outputP90 = await p90Of(grant.profile);
      const deadlineMs = deps.clock.monotonicMs() + LONGEST_WAIT_MS;
      for (;;) {
        // Listened for before the decision, so that no settlement falls between the two.
        const next = changes.next(grant.runId);
        try {
          if (signal?.aborted === true) return { kind: 'refused', code: 'stopped', sentence: 'The agent went away.' };
          const mayWait = deps.clock.monotonicMs() < deadlineMs;
          const once = (code: string): boolean => firstTime(`${grant.attemptId} ${code}`);
          const reserved = await reserveModelCall(deps, grant, request, { outputP90, mayWait, firstTime: once });
          if (reserved.kind !== 'wait') return remembered(open, grant, request, reserved);
          await firstOf(deps.clock, next.happened, deadlineMs - deps.clock.monotonicMs(), signal);
        } finally {
          next.forget();
        }
      }
    },
    settle: (callId, end) => settle(callId, end, 0),
    seen: (grant) => deps.onSeen(grant.runId),
    rateLimited: (grant, info) => deps.onRateLimited(grant.runId, info),
    recoverUnsettled() {
      recovering ??= recover(deps, open).finally(() => {
        recovering = null;
      });
      return recovering;
    },
  };
}

function remembered(
  open: Map<string, ReservedCall>,
  grant: TokenGrant,
  request: CallRequest,
  reserved: Exclude<Reserved, { kind: 'wait' }>,
): Reservation {
  if (reserved.kind === 'refused') return reserved;
  const { callId, reservedUsd, mostUsd } = reserved;
  open.set(callId, { callId, runId: grant.runId, model: request.model, reservedUsd, mostUsd });
  return { kind: 'granted', callId };
}

async function recover(deps: MeterDeps, open: ReadonlyMap<string, ReservedCall>): Promise<number> {
  let count = 0;
  for (const row of await deps.store.unsettledCalls()) {
    if (open.has(row.id)) continue;
    const call = { callId: row.id, runId: row.run_id, model: row.model, reservedUsd: row.reserved_usd, mostUsd: mostOf(row) };
    await settleModelCall(deps, call, { usage: null, model: row.model, status: null, latencyMs: 0, waitMs: 0 }, call.mostUsd);
    count += 1;
  }
  return count;
}

function outputP90s(deps: Pick<MeterDeps, 'store' | 'clock'>): (profile: string) => Promise<number | null> {
  const known = new Map<string, { value: number | null; readMs: number }>();
  return async (profile) => {
    const last = known.get(profile);
    const nowMs = deps.clock.monotonicMs();
    if (last !== undefined && nowMs - last.readMs < P90_FRESH_MS) return last.value;
    const value = await deps.store.outputTokensP90(profile);
    known.set(profile, { value, readMs: nowMs });
    return value;
  };
}

interface Settlements {
  next(runId: string): { happened: Promise<void>; forget: () => void };
  wake(runId: string): void;
}

/** Lets calls that wait for money hear of the next settlement of their run. */
function settlementsByRun(): Settlements {
  const listeners = new Map<string, Set<() => void>>();
  return {
    next(runId) {
      const ofRun = listeners.get(runId) ?? new Set();
      listeners.set(runId, ofRun);
      const { promise, resolve } = Promise.withResolvers<void>();
      ofRun.add(resolve);
      const forget = (): void => {
        ofRun.delete(resolve);
        if (ofRun.size === 0 && listeners.get(runId) === ofRun) listeners.delete(runId);
      };
      return { happened: promise, forget };
    },
    wake(runId) {
      for (const resolve of listeners.get(runId) ?? []) resolve();
    },
  };
}

/** Resolves when it happened, when the time is over or when the signal says so. */
async function firstOf(clock: Clock, happened: Promise<void>, leftMs: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(Math.max(0, leftMs), resolve);
  const onAbort = (): void => resolve();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal?.aborted !== true) await Promise.race([happened, promise]);
  } finally {
    cancel();
    signal?.removeEventListener('abort', onAbort);
  }
}
