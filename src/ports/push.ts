/** Notifications of browsers, through the push service that each browser chose. */

export interface PushTarget {
  readonly endpoint: string;
  /** Keys of the browser, base64url: only it can read what is sent (RFC 8291). */
  readonly p256dh: string;
  readonly auth: string;
}

export type PushEnd =
  | { kind: 'sent' }
  /** The browser does not want it any more: the subscription is over. */
  | { kind: 'gone' }
  /** It will not work the next time either. */
  | { kind: 'refused'; why: string }
  | { kind: 'later'; why: string; afterMs: number | null };

export interface PushSender {
  /** VAPID, base64url: what a browser subscribes with. */
  publicKey(): string;
  /** One sentence when that cannot be a browser's subscription; null when it can. An address inside the own network never can. */
  problem(target: PushTarget): Promise<string | null>;
  /** Never throws for anything that the service says or does. The payload is encrypted for the browser. */
  send(target: PushTarget, payload: string, seconds: number): Promise<PushEnd>;
}
