/** One transaction: what a call really used takes the place of what was reserved for it. */
import { crossesWarning } from '../core/money/budget.ts';
import { callCostUsd } from '../core/money/cost.ts';
import { type OwnPrice, priceOf } from '../core/money/prices.ts';
import type { CallUsage, Meter } from '../ports/gateway.ts';
import { type UnitDeps, unitOfWork } from './unit-of-work.ts';

export interface ReservedCall {
  readonly callId: string;
  readonly runId: string;
  /** As it was asked for. */
  readonly model: string;
  readonly reservedUsd: number;
  /** What it may cost at most; null: its price was not known. */
  readonly mostUsd: number | null;
}

export type CallEnd = Parameters<Meter['settle']>[1];

const NOTHING: CallUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
const ACTOR = 'gateway';

/** USD, or null when the price is not known. Unknown usage counts as the most that the call may cost. */
export function settledCostUsd(call: ReservedCall, end: CallEnd, own: Readonly<Record<string, OwnPrice>>): number | null {
  const { usage } = end;
  if (usage !== null && isNothing(usage)) return 0;
  if (usage === null) return call.mostUsd;
  const price = priceOf(end.model, own) ?? priceOf(call.model, own);
  return price === null ? null : callCostUsd(price, usage);
}

function isNothing(usage: CallUsage): boolean {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens === 0;
}

export async function settleModelCall(deps: UnitDeps, call: ReservedCall, end: CallEnd, costUsd: number | null): Promise<void> {
  const usage = end.usage ?? NOTHING;
  const tokens = {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
  };
  await unitOfWork(deps, async ({ tx, record, publish }) => {
    const before = await tx.run(call.runId);
    await tx.updateModelCall(call.callId, {
      state: 'settled',
      model: end.model,
      cost_usd: costUsd,
      ...tokens,
      status: end.status,
      latency_ms: Math.round(end.latencyMs),
      wait_ms: Math.round(end.waitMs),
    });
    if (before === null) return;
    await tx.addUsage(call.runId, { cost_usd: costUsd, reserved_usd: -call.reservedUsd, ...tokens, model_calls: 1 });
    const run = await tx.run(call.runId);
    if (run === null) return;
    if (before.cost_usd !== null && run.cost_usd !== null && crossesWarning(before.cost_usd, run.cost_usd, run.max_cost_usd)) {
      const payload = { spent_usd: run.cost_usd, cap_usd: run.max_cost_usd ?? 0 };
      await record('budget.warned', payload, { runId: run.id, actor: ACTOR });
    }
    const { id, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, model_calls } = run;
    const data = { id, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, model_calls };
    publish({ topic: 'board', type: 'token_update', data });
    publish({ topic: `run:${id}`, type: 'token_update', data });
  });
}
