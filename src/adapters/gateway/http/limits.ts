/** Every bound of the gateway, with its reason. Times in milliseconds. */
export interface GatewayLimits {
  /** Body of one request; the provider itself takes 32 MB, compatible ones more. */
  readonly bodyBytes: number;
  /** Bodies that one token may have in memory at the same time: a hostile agent must not exhaust the host. */
  readonly bufferedBytesPerToken: number;
  /** An agent with its subagents makes a few calls at a time. */
  readonly callsPerToken: number;
  /** How long the agent may take to send its request. */
  readonly uploadMs: number;
  readonly connectMs: number;
  /** From the request to the first byte of the answer: answers that do not stream take minutes. */
  readonly firstByteMs: number;
  /** Between two bytes of an answer; the provider sends pings far more often. */
  readonly idleMs: number;
  /** Whole answer: ends a stream that trickles just fast enough to look alive. */
  readonly totalMs: number;
  /** Rejections in a row, with no success between, after which an agent that keeps asking is told to stop. */
  readonly rejectionsInARow: number;
  /** How often a long answer counts as a sign of life. */
  readonly seenEveryMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  bodyBytes: 64 * 1024 * 1024,
  bufferedBytesPerToken: 128 * 1024 * 1024,
  callsPerToken: 64,
  uploadMs: 120_000,
  connectMs: 10_000,
  firstByteMs: 600_000,
  idleMs: 120_000,
  totalMs: 3_600_000,
  rejectionsInARow: 50,
  seenEveryMs: 10_000,
};
