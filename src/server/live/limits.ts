/**
 * Bounds of the live connections. All of them slow at once cost clients × (outboxBytes + socketBytes); what is kept for those who come
 * back costs (watched topics + idleRings) × ringBytes.
 */
export interface LiveLimits {
  readonly clients: number;
  readonly topicsPerClient: number;
  /** Messages of one topic that are kept for those who come back. */
  readonly ringMessages: number;
  readonly ringBytes: number;
  /** A topic that nobody watches is forgotten after this; a page that reloads is back sooner. */
  readonly ringIdleMs: number;
  /** Topics without watchers that are kept at most. */
  readonly idleRings: number;
  /** Messages to one client are collected for so long and travel in one frame. */
  readonly batchMs: number;
  /** What waits for one client before it is cut to `resync`. */
  readonly outboxBytes: number;
  /** A single message above this is not sent at all: its topic is cut to `resync`. */
  readonly messageBytes: number;
  /** What may wait in a client's socket before nothing more is written to it. */
  readonly socketBytes: number;
  /** A client that takes nothing for so long is cut off. */
  readonly stuckMs: number;
  /** Interval of pings; a client that answered none in between is gone. */
  readonly heartbeatMs: number;
  /** Invalid messages before the connection is closed. */
  readonly invalidMessages: number;
  /** Messages that a client may send per second. */
  readonly messagesPerSecond: number;
}

export const LIVE_LIMITS: LiveLimits = {
  clients: 600,
  topicsPerClient: 500,
  ringMessages: 512,
  ringBytes: 256 * 1024,
  ringIdleMs: 60_000,
  idleRings: 64,
  batchMs: 25,
  outboxBytes: 256 * 1024,
  messageBytes: 1024 * 1024,
  socketBytes: 128 * 1024,
  stuckMs: 60_000,
  heartbeatMs: 20_000,
  invalidMessages: 5,
  messagesPerSecond: 100,
};

/** Largest frame that a client may send. */
export const MAX_CLIENT_FRAME_BYTES = 64 * 1024;
