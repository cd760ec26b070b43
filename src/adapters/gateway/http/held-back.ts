/** Reads from an answer's status, headers and error text whether the provider holds back, why, and until when. */
import type { IncomingHttpHeaders } from 'node:http';

export interface HeldBack {
  readonly status: number;
  /** Epoch milliseconds; null: the provider did not say. */
  readonly untilMs: number | null;
  /** `rate_limit`, `overloaded`, `billing`, or the name of the unified limit, such as `five_hour`. */
  readonly why: string;
}

const TOO_MANY = 429;
const OVERLOADED = 529;
const UNAVAILABLE = 503;
const PAYMENT = 402;
/** Several refusals that look like a rate limit mean money: waiting does not help, so they must not be tried again. */
const MONEY = /credit balance|spend(ing)? limit|billing|insufficient (funds|credit|quota)|payment required|out of (extra )?usage/i;
/** Nothing that a provider says may hold a run back for longer than this: a broken header must not park it for ever. */
const LONGEST_MS = 32 * 24 * 3_600_000;

function one(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function within(untilMs: number, nowMs: number): number | null {
  return Number.isFinite(untilMs) && untilMs > nowMs && untilMs - nowMs <= LONGEST_MS ? Math.ceil(untilMs) : null;
}

/** `retry-after`: seconds or an HTTP date. */
function afterRetry(headers: IncomingHttpHeaders, nowMs: number): number | null {
  const value = one(headers, 'retry-after');
  if (value === null) return null;
  return within(/^\d+(\.\d+)?$/.test(value) ? nowMs + Number(value) * 1_000 : Date.parse(value), nowMs);
}

/** Epoch seconds or RFC 3339. */
function resetTime(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  return within(/^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value), nowMs);
}

/** Null: the provider does not hold back. `errorText`: the beginning of the body of an answer that is no success. */
export function readHeldBack(status: number, headers: IncomingHttpHeaders, errorText: string, nowMs: number): HeldBack | null {
  if (status < 400) return null;
  const rejected = one(headers, 'anthropic-ratelimit-unified-status') === 'rejected';
  const money = status === PAYMENT || ((status === TOO_MANY || status === 400 || status === 403) && MONEY.test(errorText));
  if (!money && !rejected && status !== TOO_MANY && status !== OVERLOADED && status !== UNAVAILABLE) return null;
  const unified = resetTime(one(headers, 'anthropic-ratelimit-unified-reset'), nowMs);
  const untilMs = afterRetry(headers, nowMs) ?? unified;
  if (money) return { status, untilMs, why: 'billing' };
  if (rejected) return { status, untilMs: Math.max(untilMs ?? 0, unified ?? 0) || null, why: claim(headers) };
  return { status, untilMs, why: status === TOO_MANY ? 'rate_limit' : 'overloaded' };
}

function claim(headers: IncomingHttpHeaders): string {
  const name = one(headers, 'anthropic-ratelimit-unified-representative-claim');
  return name !== null && /^[a-z0-9_]{1,40}$/.test(name) ? name : 'unified_limit';
}
