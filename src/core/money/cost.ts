/** What one call costs, and what it may cost before it was made. */
import type { ModelPrice, Rates } from './prices.ts';

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  /** All tokens written to the cache. */
  readonly cacheWriteTokens: number;
  /** How many of those were written for an hour. */
  readonly cacheWrite1hTokens?: number;
  /** Served in fast mode. */
  readonly fast?: boolean;
  /** Served only from machines in the United States, at a premium. */
  readonly usOnly?: boolean;
  /** The answer was cut before it told its output: how much the provider may bill at most. */
  readonly outputAtMost?: number;
}

/** The premium on every rate for inference in the United States only: the provider's price list, "data residency". */
const US_ONLY_FACTOR = 1.1;
const PER_TOKENS = 1_000_000;

function ratesFor(price: ModelPrice, promptTokens: number): Rates {
  const long = price.longPrompt;
  return long !== null && promptTokens > long.aboveTokens ? long.rates : price.rates;
}

function factorFor(price: ModelPrice, how: { fast?: boolean; usOnly?: boolean }): number {
  return (how.fast ? price.fastFactor : 1) * (how.usOnly ? US_ONLY_FACTOR : 1);
}

/** USD of one settled call. Tools that run at the provider are billed apart from these figures; the gateway refuses them for that. */
export function callCostUsd(price: ModelPrice, usage: TokenUsage): number {
  const promptTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const rates = ratesFor(price, promptTokens);
  const forAnHour = Math.min(usage.cacheWrite1hTokens ?? 0, usage.cacheWriteTokens);
  const sum =
    usage.inputTokens * rates.input +
    Math.max(usage.outputTokens, usage.outputAtMost ?? 0) * rates.output +
    usage.cacheReadTokens * rates.cacheRead +
    (usage.cacheWriteTokens - forAnHour) * rates.cacheWrite +
    forAnHour * rates.cacheWrite1h;
  return (sum / PER_TOKENS) * factorFor(price, usage);
}

export interface CallShape {
  /** Size of the request body. */
  readonly inputBytes: number;
  /** How much of it is images in base64: what they count does not depend on their size. */
  readonly dataBytes?: number;
  readonly images?: number;
  /** Null: the request does not say. */
  readonly maxOutputTokens: number | null;
  readonly fast?: boolean;
  readonly usOnly?: boolean;
}

/** Text and JSON of agents run at 3 to 4 bytes a token; the lower end keeps the estimate on the safe side. */
const BYTES_PER_TOKEN = 3;
/** The most that one image counts, whatever its size: larger ones are scaled down first (the provider's page on vision: 4,784). */
const TOKENS_PER_IMAGE = 4_800;
/** No model takes more than this, whatever was sent. */
const MAX_PROMPT_TOKENS = 1_000_000;
/** No model answers with more than this. */
const MAX_OUTPUT_TOKENS = 128_000;
/** Output of a call of a profile that has no history yet: agents' answers are mostly well below. */
const DEFAULT_OUTPUT_TOKENS = 4_096;

function promptTokensOf(call: CallShape): number {
  const dataBytes = Math.min(call.dataBytes ?? 0, call.inputBytes);
  const counted = Math.ceil((call.inputBytes - dataBytes) / BYTES_PER_TOKEN) + (call.images ?? 0) * TOKENS_PER_IMAGE;
  return Math.min(counted, MAX_PROMPT_TOKENS);
}

/**
 * What to reserve for a call, in USD: its input at the full input rate (what the cache will save is not known before), its
 * output at what the profile's calls recently needed, never more than the request allows.
 */
export function estimateCallUsd(price: ModelPrice, call: CallShape, outputP90: number | null): number {
  const promptTokens = promptTokensOf(call);
  const output = Math.min(outputP90 ?? DEFAULT_OUTPUT_TOKENS, call.maxOutputTokens ?? MAX_OUTPUT_TOKENS);
  const rates = ratesFor(price, promptTokens);
  return ((promptTokens * rates.input + output * rates.output) / PER_TOKENS) * factorFor(price, call);
}

/**
 * What a call counts as when nobody learns what it used, in USD: all the output that it allows, and its input at the dearest
 * rate, that of the cache of an hour. That rate also leaves room for text that is denser than was reckoned with.
 */
export function mostCallUsd(price: ModelPrice, call: CallShape): number {
  const promptTokens = promptTokensOf(call);
  const rates = ratesFor(price, promptTokens);
  const input = Math.max(rates.input, rates.cacheWrite, rates.cacheWrite1h);
  const output = call.maxOutputTokens ?? MAX_OUTPUT_TOKENS;
  return ((promptTokens * input + output * rates.output) / PER_TOKENS) * factorFor(price, call);
}
