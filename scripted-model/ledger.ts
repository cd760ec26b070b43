/** What was asked and what was served: lets a test compare its own accounts, and shows which credential came through. */
import type { Usage } from './types.ts';

export interface Credential {
  header: 'x-api-key' | 'authorization' | 'none';
  value: string;
}

export interface ServedRequest {
  number: number;
  method: string;
  path: string;
  /** Session of the agent program, from its header. */
  sessionId: string | null;
  credential: Credential;
  headers: Record<string, string>;
  model: string | null;
  scenario: string | null;
  step: number | null;
  attempt: number;
  bodyBytes: number;
  messages: number;
  images: number;
  tools: string[];
  effort: string | null;
  thinking: unknown;
  /** System prompt and all texts of the conversation, when the server was told to keep bodies. */
  body: unknown;
  status: number | null;
  /** What the answer said of itself; null when no answer was begun. */
  usage: Usage | null;
  /** `served` whole, `damaged` by the script, `hung`, `refused` with an error, or `gone`: the client left first. */
  end: 'open' | 'served' | 'damaged' | 'hung' | 'refused' | 'gone';
}

/** Older entries fall off, so that a long demonstration does not grow. */
const MAX_ENTRIES = 20_000;

export interface Ledger {
  readonly requests: readonly ServedRequest[];
  add(entry: Omit<ServedRequest, 'number'>): ServedRequest;
  /** Sums of every answer that was begun. */
  totals(): Usage & { calls: number };
}

export function newLedger(): Ledger {
  const requests: ServedRequest[] = [];
  let number = 0;
  return {
    requests,
    add(entry) {
      number += 1;
      const added = { number, ...entry };
      requests.push(added);
      if (requests.length > MAX_ENTRIES) requests.shift();
      return added;
    },
    totals() {
      const sum = { calls: 0, input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
      for (const { usage } of requests) {
        if (usage === null) continue;
        sum.calls += 1;
        sum.input_tokens += usage.input_tokens;
        sum.output_tokens += usage.output_tokens;
        sum.cache_read_input_tokens += usage.cache_read_input_tokens;
        sum.cache_creation_input_tokens += usage.cache_creation_input_tokens;
      }
      return sum;
    },
  };
}
