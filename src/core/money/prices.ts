/** What models cost: one table, in USD per million tokens, each row with where the figure comes from and when it was read. */

/** USD per million tokens. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written to the cache for five minutes. */
  readonly cacheWrite: number;
  /** Written to the cache for an hour. */
  readonly cacheWrite1h: number;
}

export interface ModelPrice {
  readonly rates: Rates;
  /** Some models cost more, for the whole call, when the prompt (cached parts included) is longer than this. */
  readonly longPrompt: { readonly aboveTokens: number; readonly rates: Rates } | null;
  /** What a call served in fast mode costs, as a multiple of every rate. */
  readonly fastFactor: number;
}

export interface PriceRow extends ModelPrice {
  readonly source: string;
  /** The date on which the source was read. */
  readonly asOf: string;
}

/** A price set by a person. Rates left out follow the provider's usual multiples of the input rate. */
export interface OwnPrice {
  readonly input: number;
  readonly output: number;
  readonly cache_read?: number;
  readonly cache_write?: number;
}

const PRICE_LIST = 'https://platform.claude.com/docs/en/about-claude/pricing';
/** The list as it was while these models were current. */
const OLD_PRICE_LIST = 'https://docs.anthropic.com/en/docs/about-claude/pricing';
const MODEL_PAGES = 'https://platform.claude.com/docs/en/models';
const AS_OF = '2026-11-20';

/** Multiples of the input rate that the price list gives for the prompt cache of nearly every model. */
const CACHE_READ_FACTOR = 0.1;
const CACHE_WRITE_FACTOR = 1.25;
const CACHE_WRITE_1H_FACTOR = 2;
/** A model that has no fast mode in the table but answers "fast" all the same: the dearest factor known, so that a cap holds. */
const UNKNOWN_FAST_FACTOR = 6;

function rates(input: number, output: number, cacheRead = input * CACHE_READ_FACTOR): Rates {
  return { input, output, cacheRead, cacheWrite: input * CACHE_WRITE_FACTOR, cacheWrite1h: input * CACHE_WRITE_1H_FACTOR };
}

interface Extras {
  longPrompt?: ModelPrice['longPrompt'];
  fastFactor?: number;
}

function row(source: string, price: Rates, extras: Extras = {}): PriceRow {
  return { rates: price, longPrompt: null, fastFactor: UNKNOWN_FAST_FACTOR, ...extras, source, asOf: AS_OF };
}

const LONG_HAIKU = { aboveTokens: 100_000, rates: rates(0.5, 2.5) } as const;

export const PRICES: Readonly<Record<string, PriceRow>> = {
  'claude-fable-5-1': row(PRICE_LIST, rates(10, 50, 0.25)),
  'claude-fable-5': row(PRICE_LIST, rates(10, 50)),
  'claude-mythos-5-1': row(PRICE_LIST, rates(10, 50, 0.25)),
  'claude-mythos-5': row(PRICE_LIST, rates(10, 50)),
  'claude-opus-5-5': row(`${MODEL_PAGES}/opus-5-5/overview`, rates(4, 20, 0.2), { fastFactor: 2 }),
  'claude-opus-5': row(`${MODEL_PAGES}/opus-5/overview`, rates(5, 25), { fastFactor: 2 }),
  'claude-opus-4-8': row(PRICE_LIST, rates(5, 25), { fastFactor: 2 }),
  'claude-opus-4-7': row(PRICE_LIST, rates(5, 25), { fastFactor: 6 }),
  'claude-opus-4-6': row(PRICE_LIST, rates(5, 25), { fastFactor: 6 }),
  'claude-opus-4-5': row(PRICE_LIST, rates(5, 25)),
  'claude-opus-4-1': row(PRICE_LIST, rates(15, 75)),
  'claude-opus-4': row(PRICE_LIST, rates(15, 75)),
  // Cache reads of this model went from $0.20 to $0.10 on 2026-10-07; copies of its own page still show the older figure.
  'claude-sonnet-5-5': row('https://docs.rs/synaps/0.10.2/synaps_cli/pricing (quotes the price list)', rates(2, 10, 0.1)),
  'claude-sonnet-5': row(`${MODEL_PAGES}/sonnet-5/overview`, rates(2, 10)),
  'claude-sonnet-4-6': row(`${MODEL_PAGES}/sonnet-4-6/overview`, rates(3, 15)),
  'claude-sonnet-4-5': row(`${MODEL_PAGES}/sonnet-4-5/overview`, rates(3, 15)),
  'claude-sonnet-4': row(OLD_PRICE_LIST, rates(3, 15), {
    // Prompts over 200,000 tokens (a beta of that model) cost double for input and half as much again for output.
    longPrompt: { aboveTokens: 200_000, rates: rates(6, 22.5) },
  }),
  'claude-haiku-5-5': row(`${MODEL_PAGES}/haiku-5-5/overview`, rates(0.1, 0.5), { longPrompt: LONG_HAIKU }),
  'claude-haiku-4-5': row(`${MODEL_PAGES}/haiku-4-5/overview`, rates(1, 5)),
  'claude-3-5-haiku': row(OLD_PRICE_LIST, rates(0.8, 4)),
};

/** Other names of the same models: what the agent programs call them for short, and the undated form of 4.0. */
const ALIASES: Readonly<Record<string, string>> = {
  opus: 'claude-opus-5-5',
  sonnet: 'claude-sonnet-5-5',
  haiku: 'claude-haiku-5-5',
  'claude-opus-4-0': 'claude-opus-4',
  'claude-sonnet-4-0': 'claude-sonnet-4',
  'claude-3-5-haiku-latest': 'claude-3-5-haiku',
};

const DATE_SUFFIX = /-20\d{6}$/;

function fromOwn(own: OwnPrice): ModelPrice {
  const price = rates(own.input, own.output, own.cache_read);
  const cacheWrite = own.cache_write ?? price.cacheWrite;
  const cacheWrite1h = own.cache_write === undefined ? price.cacheWrite1h : Math.max(price.cacheWrite1h, own.cache_write);
  return { rates: { ...price, cacheWrite, cacheWrite1h }, longPrompt: null, fastFactor: 1 };
}

/**
 * The price of a model, or null when it is not known. A name is looked up as it is, then without its date, then as an
 * alias; at each step a person's own price wins over the table.
 */
export function priceOf(model: string, own: Readonly<Record<string, OwnPrice>> = {}): ModelPrice | null {
  const undated = model.replace(DATE_SUFFIX, '');
  const names = [model, undated, Object.hasOwn(ALIASES, undated) ? ALIASES[undated] : undefined];
  for (const name of names) {
    if (name === undefined) continue;
    const mine = Object.hasOwn(own, name) ? own[name] : undefined;
    if (mine !== undefined) return fromOwn(mine);
    const listed = Object.hasOwn(PRICES, name) ? PRICES[name] : undefined;
    if (listed !== undefined) return listed;
  }
  return null;
}
