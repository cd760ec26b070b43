/** One transaction: may this call be made, and what is set aside for it. */
import { errorSentence } from '../contract/errors.ts';
import { decideReservation, hasCap, type Spending } from '../core/money/budget.ts';
import { estimateCallUsd, mostCallUsd } from '../core/money/cost.ts';
import { priceOf } from '../core/money/prices.ts';
import { moneyCapSentence } from '../core/money/refusal-text.ts';
import type { Bus } from '../ports/bus.ts';
import type { CallRequest, Reservation, TokenGrant } from '../ports/gateway.ts';
import type { Settings } from '../ports/settings.ts';
import type { ModelCallRow, RunRow, Store, StoreWrites } from '../ports/store.ts';
import type { Clock, Random } from '../ports/system.ts';
import { now } from './deps.ts';
import { type Unit, unitOfWork } from './unit-of-work.ts';

export interface ReserveDeps {
  readonly store: Store;
  readonly bus: Bus;
  /** Takes known secrets out of what is recorded. */
  readonly redact: (text: string) => string;
  readonly settings: Pick<Settings, 'get'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
}

export interface ReserveOptions {
  /** Output that calls of the profile recently needed; null: not known. */
  readonly outputP90: number | null;
  /** What would have to wait is refused. */
  readonly mayWait: boolean;
  /** True when a refusal of this kind was not recorded for the attempt before. */
  readonly firstTime: (code: string) => boolean;
}

type Refused = Extract<Reservation, { kind: 'refused' }>;
export type Reserved = { kind: 'granted'; callId: string; reservedUsd: number; mostUsd: number | null } | Refused | { kind: 'wait' };

const ACTOR = 'gateway';

export async function reserveModelCall(
  deps: ReserveDeps,
  grant: TokenGrant,
  request: CallRequest,
  options: ReserveOptions,
): Promise<Reserved> {
  const decide = async (unit: Unit): Promise<Reserved> => {
    const run = await liveRun(unit.tx, grant);
    if (run === null) {
      return refuse(deps, unit, grant, request, options, { kind: 'refused', code: 'stopped', sentence: 'This attempt has ended.' });
    }
    const price = priceOf(request.model, deps.settings.get('prices'));
    const estimateUsd = price === null ? null : estimateCallUsd(price, request, options.outputP90);
    const mostUsd = price === null ? null : mostCallUsd(price, request);
    const { cost_usd: spentUsd, reserved_usd: reservedUsd, max_cost_usd: capUsd } = run;
    const inFlight = await callsInFlight(unit.tx, run);
    const decision = decideReservation({ spentUsd, reservedUsd, capUsd, estimateUsd, mostUsd, inFlight });
    if (decision.kind === 'wait' && options.mayWait) return decision;
    if (decision.kind === 'granted') return grantCall(deps, unit.tx, grant, request, decision.reserveUsd, mostUsd);
    const code = decision.kind === 'wait' ? 'budget' : decision.code;
    const sentence =
      code === 'budget' ? moneyCapSentence(spentUsd ?? 0, capUsd ?? 0) : errorSentence('price_unknown', { model: request.model });
    if (code === 'budget' && options.firstTime('budget.refused')) {
      const payload = { spent_usd: spentUsd ?? 0, reserved_usd: reservedUsd, cap_usd: capUsd ?? 0 };
      await unit.record('budget.refused', payload, { runId: run.id, actor: ACTOR });
    }
    return refuse(deps, unit, grant, request, options, { kind: 'refused', code, sentence });
  };
  // Every answer of a model waits for this. The end of our process loses nothing; a power cut ends the call as well, and the
  // next settlement, which does wait for the disk, makes this durable with it.
  return unitOfWork(deps, decide, { survives: 'process' });
}

/** The run, while the attempt that the token was made for is the one that lives; a late call of an older one is not made. */
async function liveRun(tx: StoreWrites, grant: TokenGrant): Promise<RunRow | null> {
  const run = await tx.run(grant.runId);
  const attempt = await tx.attempt(grant.attemptId);
  if (run === null || attempt === null) return null;
  return attempt.state === 'live' && attempt.run_id === run.id && attempt.epoch === run.epoch ? run : null;
}

/** Only looked up where it counts: a run that has a cap and something reserved. */
async function callsInFlight(tx: StoreWrites, run: RunRow): Promise<Spending['inFlight']> {
  if (!hasCap(run.max_cost_usd) || run.reserved_usd <= 0) return { calls: 0, mostUsd: 0 };
  const calls = (await tx.unsettledCalls()).filter((call) => call.run_id === run.id);
  return { calls: calls.length, mostUsd: calls.reduce((sum, call) => sum + (mostOf(call) ?? 0), 0) };
}

/**
 * The most that a reserved call may cost: it stands where the cost will be, so that it is known after a crash. Null: its price
 * was not known. A row without it is of an older version, which knew no more than the reservation.
 */
export function mostOf(call: ModelCallRow): number | null {
  return call.cost_usd ?? (call.reserved_usd > 0 ? call.reserved_usd : null);
}

async function grantCall(
  deps: ReserveDeps,
  tx: StoreWrites,
  grant: TokenGrant,
  request: CallRequest,
  reservedUsd: number,
  mostUsd: number | null,
): Promise<Reserved> {
  const row: ModelCallRow = { ...callRow(deps, grant, request, 'reserved', reservedUsd), cost_usd: mostUsd };
  await tx.insertModelCall(row);
  await tx.addUsage(grant.runId, {
    cost_usd: 0,
    reserved_usd: reservedUsd,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    model_calls: 0,
  });
  return { kind: 'granted', callId: row.id, reservedUsd, mostUsd };
}

/** Recorded once for each attempt and reason: an agent that goes on asking must not fill the disk. */
async function refuse(
  deps: ReserveDeps,
  unit: Unit,
  grant: TokenGrant,
  request: CallRequest,
  options: ReserveOptions,
  refusal: Refused,
): Promise<Refused> {
  if (!options.firstTime(refusal.code)) return refusal;
  // The run may have been removed meanwhile; then there is nothing to record it on.
  if ((await unit.tx.run(grant.runId)) === null || (await unit.tx.attempt(grant.attemptId)) === null) return refusal;
  await unit.tx.insertModelCall(callRow(deps, grant, request, 'refused', 0));
  await unit.record('model.call_refused', { why: refusal.sentence }, { runId: grant.runId, actor: ACTOR });
  return refusal;
}

function callRow(
  deps: ReserveDeps,
  grant: TokenGrant,
  request: CallRequest,
  state: ModelCallRow['state'],
  reservedUsd: number,
): ModelCallRow {
  return {
    id: deps.random.id(),
    run_id: grant.runId,
    project_id: grant.projectId,
    attempt_id: grant.attemptId,
    at: now(deps),
    provider: request.provider,
    model: request.model,
    state,
    reserved_usd: reservedUsd,
    cost_usd: null,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    status: null,
    latency_ms: null,
    wait_ms: 0,
  };
}
