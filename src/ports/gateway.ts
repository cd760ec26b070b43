/** The process between agents and model providers: keys, metering, budgets. */

export interface TokenGrant {
  runId: string;
  projectId: string;
  attemptId: string;
  profile: string;
  /** Null: every model. */
  models: string[] | null;
  /**
   * Tools that the provider runs, and sources that it fetches, are let through. They pass by the run's egress rules and are
   * billed apart from the tokens that the ledger sees; refused by default.
   */
  serverTools?: boolean;
}

export interface GatewayAddress {
  socket: string;
  tcpPort: number;
}

export type Reservation =
  | { kind: 'granted'; callId: string }
  | { kind: 'refused'; code: 'budget' | 'price_unknown' | 'model_not_allowed' | 'stopped'; sentence: string };

export interface CallUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  /** All tokens written to the cache. */
  cacheWriteTokens: number;
  /** How many of those were written for an hour, at a higher price. */
  cacheWrite1hTokens?: number;
  /** Served in the provider's fast mode, at a higher price. */
  fast?: boolean;
  /** Served only from the United States, at a higher price. */
  usOnly?: boolean;
  /** The answer was cut before it told its output: how many tokens the provider may bill for it at most. */
  outputAtMost?: number;
}

export interface CallRequest {
  provider: 'anthropic';
  model: string;
  /** Size of the body. */
  inputBytes: number;
  /** How much of the body is images in base64: what they count does not depend on their size. */
  dataBytes?: number;
  images?: number;
  maxOutputTokens: number | null;
  fast?: boolean;
  usOnly?: boolean;
}

/** Keeps the ledger. Reserve before a request leaves, settle after: the sum is durable before the next step. */
export interface Meter {
  /** May wait for calls in flight to come back before it decides; `signal` ends the wait with a refusal. */
  reserve(grant: TokenGrant, request: CallRequest, signal?: AbortSignal): Promise<Reservation>;
  /** Usage null: not known, so it counts as the most that the call may cost. One that cost nothing has a usage of zeros. Counts once. */
  settle(
    callId: string,
    end: { usage: CallUsage | null; model: string; status: number | null; latencyMs: number; waitMs: number },
  ): Promise<void>;
  /** The provider holds back (429, unified limit headers): for the board and for parking. */
  rateLimited(grant: TokenGrant, info: { status: number; untilMs: number | null; why: string }): void;
  /** A call left or came back: the proof of life that silence is judged by. */
  seen(grant: TokenGrant): void;
}

export type Credential = { kind: 'api_key' | 'bearer' | 'oauth'; value: string; source: string; expiresAtMs: number | null };

export interface Credentials {
  /** Read anew on each use, in order: environment, credential store, Claude login of the host. Null when there is none. */
  current(): Promise<Credential | null>;
  /** `ANTHROPIC_BASE_URL` or the vendor's own. */
  baseUrl(): Promise<string>;
  /** Secrets to redact: every value that `current` may return. */
  secrets(): Promise<string[]>;
}

export interface Gateway {
  start(): Promise<GatewayAddress>;
  issue(grant: TokenGrant): string;
  /** Ends the token and cancels its calls in flight. */
  revoke(token: string): void;
  callsInFlight(runId: string): number;
  close(): Promise<void>;
}
