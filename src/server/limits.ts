/** Bounds of the server. Tests lower them; nobody needs to raise them. */
export interface ServerLimits {
  /** Body of an operation that names no own limit. */
  readonly bodyBytes: number;
  /** Nesting of a JSON body: the deepest input of the contract has four levels; code behind the parser may recurse. */
  readonly jsonDepth: number;
  /** Time for the head of a request, against clients that drip bytes. */
  readonly headersTimeoutMs: number;
  /** Time for a whole request; 28 MB from a browser on the same machine take far less. */
  readonly requestTimeoutMs: number;
  /** How often both are looked at: node's own 30 s would let a dripping client live for 40 s. */
  readonly timeoutCheckMs: number;
  readonly keepAliveMs: number;
  readonly connections: number;
  /** Wrong or missing tokens per minute and client address before the answer is 429. The right token always passes. */
  readonly failedLoginsPerMinute: number;
}

export const SERVER_LIMITS: ServerLimits = {
  bodyBytes: 2 * 1024 * 1024,
  jsonDepth: 64,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 120_000,
  timeoutCheckMs: 2_000,
  keepAliveMs: 60_000,
  connections: 1_500,
  failedLoginsPerMinute: 60,
};
