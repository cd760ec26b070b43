/** What a run's tokens cost, by kind. The gateway meters whole calls; the parts are reckoned from prices and made to add up to that. */
import type { ModelPrice } from '../money/prices.ts';

export const TOKEN_KINDS = ['input', 'cache_read', 'cache_write', 'output'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export interface ModelTokens {
  readonly tokens: Readonly<Record<TokenKind, number>>;
  /** Null: not known. */
  readonly costUsd: number | null;
  readonly price: ModelPrice | null;
}

export interface KindOfTokens {
  readonly kind: TokenKind;
  readonly tokens: number;
  /** Null when the price or the metered cost of one of the models is not known. */
  readonly costUsd: number | null;
}

/** Long prompts, fast mode and older prices move the sum, not the proportions: each model's parts are scaled to what was metered. */
export function splitByKind(models: readonly ModelTokens[]): KindOfTokens[] {
  const parts = models.map(costParts);
  return TOKEN_KINDS.map((kind) => ({
    kind,
    tokens: models.reduce((sum, model) => sum + model.tokens[kind], 0),
    costUsd: parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part[kind]), 0),
  }));
}

const PER_TOKENS = 1_000_000;

function costParts({ tokens, costUsd, price }: ModelTokens): Record<TokenKind, number> | null {
  if (price === null || costUsd === null) return null;
  const { rates } = price;
  const listed: Record<TokenKind, number> = {
    input: (tokens.input * rates.input) / PER_TOKENS,
    cache_read: (tokens.cache_read * rates.cacheRead) / PER_TOKENS,
    cache_write: (tokens.cache_write * rates.cacheWrite) / PER_TOKENS,
    output: (tokens.output * rates.output) / PER_TOKENS,
  };
  const sum = TOKEN_KINDS.reduce((total, kind) => total + listed[kind], 0);
  // Calls whose tokens nobody learned count at their most, and are nearly all output then.
  if (sum === 0) return { ...listed, output: costUsd };
  for (const kind of TOKEN_KINDS) listed[kind] *= costUsd / sum;
  return listed;
}
