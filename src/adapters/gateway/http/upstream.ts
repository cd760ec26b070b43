/** Connections to the provider: kept alive, one request at a time on each, with a limit on every wait. */
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../../ports/system.ts';
import type { GatewayLimits } from './limits.ts';
import { Refusal } from './refusal.ts';

export interface UpstreamRequest {
  readonly baseUrl: string;
  readonly method: string;
  /** Path and query beneath the base URL. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | null;
  readonly signal: AbortSignal;
  /** A connection is there: from now on the provider may work on the request, and bill it. */
  readonly onConnected: () => void;
  /** The connection failed before the whole request was on its way: the provider cannot have worked on it after all. */
  readonly onUnsent: () => void;
}

export interface Upstream {
  /** Resolves with the head of the answer. Throws a `Refusal`, or the signal's reason. */
  send(request: UpstreamRequest): Promise<http.IncomingMessage>;
  close(): void;
}

/** More idle connections than agents make calls at a time are of no use. */
const MAX_IDLE_SOCKETS = 64;
/** Shorter than providers keep an idle connection: one that they close at the moment it is taken up again costs a call. */
const MAX_IDLE_MS = 30_000;

export function upstream(clock: Clock, limits: GatewayLimits): Upstream {
  const options = { keepAlive: true, maxFreeSockets: MAX_IDLE_SOCKETS, scheduling: 'lifo', timeout: MAX_IDLE_MS } as const;
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);
  return {
    async send(request) {
      const url = targetUrl(request.baseUrl, request.path);
      const send = (): Promise<http.IncomingMessage> => sendOnce(request, url, url.protocol === 'https:' ? secure : plain, clock, limits);
      try {
        return await send();
      } catch (error) {
        // The provider closed an idle connection at the moment it was taken up again, and a part of this request was never written:
        // it cannot have answered it. A request that was written whole is not sent twice, for it may be billed.
        if (!(error instanceof StaleConnection)) throw error;
        request.onUnsent();
        return await send();
      }
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

class StaleConnection extends Refusal {}

/** The base URL may have a path of its own; what else it carries (user, query) is left out. */
function targetUrl(baseUrl: string, path: string): URL {
  let base: URL;
  try {
    base = new URL(baseUrl);
  } catch {
    throw new Refusal('upstream_invalid', "the provider's base URL is not a URL");
  }
  if (base.protocol !== 'https:' && base.protocol !== 'http:') throw new Refusal('upstream_invalid', "the provider's base URL is not HTTP");
  return new URL(`${base.protocol}//${base.host}${base.pathname.replace(/\/+$/, '')}${path}`);
}

function sendOnce(
  request: UpstreamRequest,
  url: URL,
  agent: http.Agent | https.Agent,
  clock: Clock,
  limits: GatewayLimits,
): Promise<http.IncomingMessage> {
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const req = client.request(url, { method: request.method, headers: request.headers, agent });
    const cancelTimers: (() => void)[] = [];
    const onAbort = (): void => fail(request.signal.reason);
    const finish = (): void => {
      for (const cancel of cancelTimers) cancel();
      request.signal.removeEventListener('abort', onAbort);
    };
    const fail = (reason: unknown): void => {
      finish();
      reject(reason);
      req.destroy();
    };
    if (request.signal.aborted) return fail(request.signal.reason);
    request.signal.addEventListener('abort', onAbort, { once: true });
    cancelTimers.push(clock.after(limits.firstByteMs, () => fail(new Refusal('upstream_timeout', 'the provider did not answer in time'))));
    req.on('socket', (socket) => {
      if (!socket.connecting) return request.onConnected();
      const connected = clock.after(limits.connectMs, () => fail(new Refusal('upstream_unreachable', 'the provider cannot be reached')));
      cancelTimers.push(connected);
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected();
        request.onConnected();
      });
    });
    req.on('response', (res) => {
      finish();
      resolve(res);
    });
    // After the answer began, its own stream reports errors; this listener then only keeps them from being thrown.
    req.on('error', (error: NodeJS.ErrnoException) => {
      const stale = req.reusedSocket && !req.writableFinished && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      const why = `the provider cannot be reached (${error.code ?? 'connection failed'})`;
      fail(stale ? new StaleConnection('upstream_unreachable', why) : new Refusal('upstream_unreachable', why));
    });
    req.end(request.body ?? undefined);
  });
}
