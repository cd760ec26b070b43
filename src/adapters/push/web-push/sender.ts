/** Sends notifications through push services, encrypted for the browser and signed with the keys of this home (RFC 8030, 8291, 8292). */
import { lookup } from 'node:dns/promises';
import { Agent, request } from 'node:https';
import { isIPv6 } from 'node:net';
import type { RequestDetails } from 'web-push';
import type { PushEnd, PushSender, PushTarget } from '../../../ports/push.ts';
import type { Clock } from '../../../ports/system.ts';
import { checkEndpoint, type Resolve } from './endpoint.ts';
import { vapidKeys } from './vapid-keys.ts';

export interface WebPushOptions {
  /** File of the keys; made when there is none. */
  readonly keyFile: string;
  /** `mailto:` or `https:`: whom a push service may ask about what is sent. */
  readonly contact: () => string;
  readonly clock: Clock;
  /** For tests, which have no push service: names and connections of their own. What is refused stays refused. */
  readonly resolve?: Resolve;
  readonly agent?: Agent;
}

const TIMEOUT_MS = 15_000;
const allAddresses: Resolve = async (host) => (await lookup(host, { all: true })).map((found) => found.address);

export async function webPushSender(options: WebPushOptions): Promise<PushSender> {
  const keys = await vapidKeys(options.keyFile);
  const resolve = options.resolve ?? allAddresses;

  async function post(url: URL, address: string, headers: Record<string, string>, body: Buffer): Promise<PushEnd> {
    const family = isIPv6(address) ? 6 : 4;
    return new Promise((done) => {
      const call = request(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(body.length) },
        agent: options.agent ?? new Agent({ keepAlive: false }),
        // The address that was looked at, whatever the name says by now.
        lookup: (_host, wanted, found) => (wanted.all ? found(null, [{ address, family }]) : found(null, address, family)),
      });
      const giveUp = options.clock.after(TIMEOUT_MS, () => call.destroy(new Error('no answer in time')));
      const end = (result: PushEnd): void => {
        giveUp();
        done(result);
        // Nothing that the service writes is read.
        call.destroy();
      };
      call.on('response', (answer) => end(endOf(answer.statusCode ?? 0, answer.headers['retry-after'], options.clock.nowMs())));
      call.on('error', (error) => end({ kind: 'later', why: error.message.slice(0, 200), afterMs: null }));
      call.end(body);
    });
  }

  return {
    publicKey: () => keys.publicKey,
    async problem(target) {
      const keyProblem = problemOfKeys(target);
      if (keyProblem !== null) return keyProblem;
      const endpoint = await checkEndpoint(target.endpoint, resolve);
      return endpoint.kind === 'ok' ? null : endpoint.why;
    },
    async send(target, payload, seconds) {
      const endpoint = await checkEndpoint(target.endpoint, resolve);
      if (endpoint.kind === 'refused') return endpoint;
      if (endpoint.kind === 'unresolved') return { kind: 'later', why: endpoint.why, afterMs: null };
      // Loaded when there is something to send: most starts have nothing.
      const { default: webPush } = await import('web-push');
      let sealed: RequestDetails;
      try {
        sealed = webPush.generateRequestDetails(
          { endpoint: target.endpoint, keys: { p256dh: target.p256dh, auth: target.auth } },
          payload,
          { TTL: seconds, urgency: 'high', contentEncoding: 'aes128gcm', vapidDetails: { subject: options.contact(), ...keys } },
        );
      } catch (error) {
        // Keys that are none: they were looked at when the browser subscribed, so this is a row that somebody changed.
        return { kind: 'refused', why: error instanceof Error ? error.message : String(error) };
      }
      const headers = Object.fromEntries(Object.entries(sealed.headers).map(([name, value]) => [name, String(value)]));
      return post(endpoint.url, endpoint.address, headers, sealed.body ?? Buffer.alloc(0));
    },
  };
}

/** An uncompressed point of P-256 and 16 random bytes (RFC 8291, section 3). */
function problemOfKeys({ p256dh, auth }: PushTarget): string | null {
  const point = Buffer.from(p256dh, 'base64url');
  if (point.length !== 65 || point[0] !== 4) return 'its key is no point of P-256';
  return Buffer.from(auth, 'base64url').length === 16 ? null : 'its secret has not 16 bytes';
}

const LONGEST_WAIT_MS = 3_600_000;

function endOf(status: number, retryAfter: string | undefined, nowMs: number): PushEnd {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  const why = `the push service answered ${status}`;
  if (status === 429 || status >= 500) return { kind: 'later', why, afterMs: waitOf(retryAfter, nowMs) };
  // Redirects too: where they lead was not looked at.
  return { kind: 'refused', why };
}

/** Seconds, or a date. */
function waitOf(retryAfter: string | undefined, nowMs: number): number | null {
  if (retryAfter === undefined) return null;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), LONGEST_WAIT_MS) : null;
}
