/** The tokens that agents hold. Only their hashes are kept, so that a lookup takes the same time whatever was presented. */
import { createHash } from 'node:crypto';
import type { TokenGrant } from '../../../ports/gateway.ts';
import type { Random } from '../../../ports/system.ts';

/** What the gateway knows of a token while it is valid. */
export interface TokenEntry {
  readonly grant: TokenGrant;
  /** Ends one call each. */
  readonly inFlight: Set<(why: string) => void>;
  bufferedBytes: number;
  /** Answers of the provider in a row that were no success. */
  rejections: number;
}

export interface RunTokens {
  issue(grant: TokenGrant): string;
  find(token: string): TokenEntry | null;
  /** Null when there was no such token. */
  remove(token: string): TokenEntry | null;
  entries(): Iterable<TokenEntry>;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

export function runTokens(random: Random): RunTokens {
  const byHash = new Map<string, TokenEntry>();
  return {
    issue(grant) {
      const token = random.token();
      byHash.set(hashOf(token), { grant: structuredClone(grant), inFlight: new Set(), bufferedBytes: 0, rejections: 0 });
      return token;
    },
    find: (token) => byHash.get(hashOf(token)) ?? null,
    remove(token) {
      const hash = hashOf(token);
      const entry = byHash.get(hash) ?? null;
      byHash.delete(hash);
      return entry;
    },
    entries: () => byHash.values(),
  };
}
