/** The gateway: a Unix socket and a loopback port that speak the provider's API, with a run token in place of the key. */
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credentials, Gateway, Meter } from '../../../ports/gateway.ts';
import type { Clock, Log, Random } from '../../../ports/system.ts';
import { type CallDeps, serveCall } from './call.ts';
import { DEFAULT_LIMITS, type GatewayLimits } from './limits.ts';
import { Refusal, sendRefusal } from './refusal.ts';
import { isLoopbackHost, presentedToken } from './request-headers.ts';
import { readTarget } from './request-target.ts';
import { type RunTokens, runTokens, type TokenEntry } from './run-tokens.ts';
import { prepareSocketPath } from './socket-folder.ts';
import { upstream } from './upstream.ts';

export interface HttpGatewayOptions {
  /** At most 107 bytes; its folder is made, for us alone. */
  readonly socketPath: string;
  readonly meter: Meter;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<GatewayLimits>;
}

/** Agents keep connections open between their calls; a longer pause costs them one reconnect. */
const KEEP_ALIVE_MS = 120_000;
const HEADERS_MS = 30_000;
const MAX_CONNECTIONS = 1_024;

export function httpGateway(options: HttpGatewayOptions): Gateway {
  const limits: GatewayLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const { meter, credentials, clock, log } = options;
  const deps: CallDeps = { meter, credentials, clock, log, limits, upstream: upstream(clock, limits) };
  const tokens = runTokens(options.random);
  const running = new Map<string, number>();
  const atWork = new Set<Promise<void>>();
  const servers: Server[] = [];
  let tcpPort = 0;

  const serve = (req: IncomingMessage, res: ServerResponse, overTcp: boolean): void => {
    const done = answer(deps, tokens, running, req, res, overTcp ? tcpPort : null).finally(() => atWork.delete(done));
    atWork.add(done);
  };

  return {
    async start() {
      await prepareSocketPath(options.socketPath);
      const socket = newServer(limits, (req, res) => serve(req, res, false));
      const tcp = newServer(limits, (req, res) => serve(req, res, true));
      servers.push(socket, tcp);
      await listening(socket, (server) => server.listen(options.socketPath));
      await chmod(options.socketPath, 0o600);
      await listening(tcp, (server) => server.listen(0, '127.0.0.1'));
      tcpPort = (tcp.address() as AddressInfo).port;
      return { socket: options.socketPath, tcpPort };
    },
    issue: (grant) => tokens.issue(grant),
    revoke(token) {
      const entry = tokens.remove(token);
      for (const abort of entry?.inFlight ?? []) abort('the token of this run has ended');
    },
    callsInFlight: (runId) => running.get(runId) ?? 0,
    async close() {
      for (const entry of tokens.entries()) for (const abort of entry.inFlight) abort('Gluon is shutting down');
      const closed = servers.map((server) => closeServer(server));
      for (const server of servers) server.closeAllConnections();
      await Promise.all([...closed, ...atWork]);
      deps.upstream.close();
      await unlink(options.socketPath).catch((error: NodeJS.ErrnoException) => {
        // Closing the server removes it already on most platforms.
        if (error.code !== 'ENOENT') throw error;
      });
    },
  };
}

/** Serves one request to its end. Never rejects. */
async function answer(
  deps: CallDeps,
  tokens: RunTokens,
  running: Map<string, number>,
  req: IncomingMessage,
  res: ServerResponse,
  tcpPort: number | null,
): Promise<void> {
  // An agent that goes away is met by the response's `close`; these only keep its socket error from being thrown.
  req.on('error', () => {});
  res.on('error', () => {});
  try {
    if (tcpPort !== null && !isLoopbackHost(req, tcpPort))
      throw new Refusal('host_refused', 'this address is for the agents of this machine');
    const token = presentedToken(req);
    const entry = token === null ? null : tokens.find(token);
    if (entry === null) throw new Refusal('unauthenticated', 'no valid run token');
    const target = readTarget(req.method, req.url);
    if (target === null) throw new Refusal('not_found', 'there is no such operation');
    if (entry.inFlight.size >= deps.limits.callsPerToken) throw new Refusal('too_many_calls', 'too many calls of this run at once');
    await tracked(entry, running, res, (signal) => serveCall(deps, { entry, target, req, res, signal }));
  } catch (error) {
    if (error instanceof Refusal) return sendRefusal(res, error);
    if (error instanceof Ended) return sendRefusal(res, new Refusal('stopped', error.message));
    deps.log.error({ error }, 'the gateway failed');
    sendRefusal(res, new Refusal('internal', 'something broke in the gateway'));
  }
}

/** The call was ended from outside: its token was revoked, its agent went away, or Gluon shuts down. */
class Ended extends Error {}

async function tracked(
  entry: TokenEntry,
  running: Map<string, number>,
  res: ServerResponse,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { runId } = entry.grant;
  const controller = new AbortController();
  const abort = (why: string): void => controller.abort(new Ended(why));
  const onClose = (): void => {
    if (!res.writableFinished) abort('the agent went away');
  };
  entry.inFlight.add(abort);
  running.set(runId, (running.get(runId) ?? 0) + 1);
  res.on('close', onClose);
  try {
    await work(controller.signal);
  } finally {
    res.off('close', onClose);
    entry.inFlight.delete(abort);
    const left = (running.get(runId) ?? 1) - 1;
    if (left > 0) running.set(runId, left);
    else running.delete(runId);
  }
}

function newServer(limits: GatewayLimits, onRequest: (req: IncomingMessage, res: ServerResponse) => void): Server {
  const server = createServer({ requestTimeout: limits.uploadMs, headersTimeout: Math.min(HEADERS_MS, limits.uploadMs) }, onRequest);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function listening(server: Server, listen: (server: Server) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    listen(server);
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
  });
}
