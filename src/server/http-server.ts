/** The HTTP and WebSocket server, derived from the list of operations. */
import type { AddressInfo } from 'node:net';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify';
import { GluonError } from '../contract/errors.ts';
import type { Handlers } from '../contract/handlers.ts';
import type { Role } from '../contract/operation.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock, Log, Random } from '../ports/system.ts';
import { logRequests } from './access-log.ts';
import { countFailedLogins } from './failed-logins.ts';
import { answerBrokenRequest, answerFailures, sendProblem } from './failures.ts';
import { admit, type Guard } from './guard.ts';
import type { IdempotencyStore } from './idempotency.ts';
import { acceptJsonOnly } from './json-body.ts';
import { SERVER_LIMITS, type ServerLimits } from './limits.ts';
import { LiveHub } from './live/hub.ts';
import { LIVE_LIMITS, type LiveLimits } from './live/limits.ts';
import { serveLive } from './live/route.ts';
import { serveDescription } from './openapi/routes.ts';
import { serveOperations } from './operation-routes.ts';
import { type OwnAddresses, ownAddresses } from './own-addresses.ts';
import { servePage } from './page/serve-page.ts';
import { ROLE_OF_SILENT_ROUTES } from './request-facts.ts';
import { type NamedToken, tokenCheck } from './tokens.ts';
import { giveCookie } from './web/give-cookie.ts';
import { NO_SESSIONS, type SessionCheck } from './web/session-check.ts';
import { sessionSockets } from './web/session-sockets.ts';

export interface HttpServerOptions {
  readonly handlers: Handlers;
  readonly bus: Bus;
  /** The token of the home; its bearer is the owner, with the role `admin`. At least 16 characters. */
  readonly token: string;
  /** Tokens beside it, each with a name and a role. */
  readonly moreTokens?: readonly NamedToken[];
  readonly version: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** `127.0.0.1` unless said; only loopback addresses are accepted. */
  readonly host?: string;
  /** Further values of the Host header, for a tunnel or a proxy on this machine. */
  readonly extraHosts?: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly idempotency: IdempotencyStore;
  /** While true, what has an effect gets 503 with Retry-After: what a crash left behind must be mended first. */
  readonly starting?: () => boolean;
  readonly limits?: Partial<ServerLimits>;
  readonly liveLimits?: Partial<LiveLimits>;
  /** Check every answer against its schema: for tests. */
  readonly checkOutputs?: boolean;
  /** Folder of the built page; without it the server has none. */
  readonly pageFolder?: string;
  /** Sessions of browsers; none unless given. */
  readonly sessions?: SessionCheck;
  /** Adds routes behind the same door; those that name no role are for `admin` alone. */
  readonly mount?: (app: FastifyInstance) => void | Promise<void>;
}

export interface ServedRoute {
  readonly method: string;
  readonly url: string;
  readonly role: Role;
}

export interface HttpServer {
  /** Throws `bind_refused` or `port_in_use`. */
  listen(): Promise<{ port: number }>;
  /** `http://127.0.0.1:<port>`; null while it does not listen. */
  address(): string | null;
  /**
   * New requests get 503, live connections are closed with 1001, requests at work may end within `graceMs`; what is left then is cut.
   */
  close(graceMs: number): Promise<void>;
  /** A request without a socket, for tests. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Everything that the router knows. */
  routes(): readonly ServedRoute[];
  liveClients(): number;
}

export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const limits: ServerLimits = { ...SERVER_LIMITS, ...options.limits };
  const state = { port: options.port, closing: false, listening: false };
  let addresses: OwnAddresses = ownAddresses(state.port, options.extraHosts ?? []);
  const guard: Guard = {
    addresses: () => addresses,
    check: tokenCheck([{ token: options.token, name: 'owner', role: 'admin' }, ...(options.moreTokens ?? [])]),
    sessions: options.sessions ?? NO_SESSIONS,
    closing: () => state.closing,
    starting: options.starting ?? (() => false),
  };
  const hub = new LiveHub(options.bus, options.clock, options.log, { ...LIVE_LIMITS, ...options.liveLimits });
  const app = newApp(options, limits, guard);
  const routes = collectRoutes(app);
  await build(app, options, limits, guard, hub);

  return {
    routes: () => routes,
    inject: (request) => app.inject({ ...request, headers: { host: `127.0.0.1:${state.port}`, ...request.headers } }),
    address: () => (state.listening ? `http://127.0.0.1:${state.port}` : null),
    liveClients: () => hub.size,
    async listen() {
      await bind(app, options.host ?? '127.0.0.1', options.port);
      state.port = (app.server.address() as AddressInfo).port;
      state.listening = true;
      addresses = ownAddresses(state.port, options.extraHosts ?? []);
      return { port: state.port };
    },
    async close(graceMs) {
      state.closing = true;
      hub.close();
      const cancel = options.clock.after(graceMs, () => {
        for (const client of app.websocketServer.clients) client.terminate();
        app.server.closeAllConnections();
      });
      await app.close();
      cancel();
      state.listening = false;
    },
  };
}

function newApp(options: HttpServerOptions, limits: ServerLimits, guard: Guard): FastifyInstance {
  const app = Fastify({
    logger: false,
    genReqId: () => options.random.id(),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 4096 },
    http: { headersTimeout: limits.headersTimeoutMs, connectionsCheckingInterval: limits.timeoutCheckMs },
    clientErrorHandler: answerBrokenRequest,
    // Addresses that the router itself refuses meet no hook: they pass the door here.
    frameworkErrors: (error, request, reply) => {
      try {
        admit(guard, request);
        sendProblem(error, request, reply, options.log);
      } catch (refusal) {
        sendProblem(refusal, request, reply, options.log);
      }
    },
  });
  app.server.maxConnections = limits.connections;
  return app as unknown as FastifyInstance;
}

async function build(app: FastifyInstance, options: HttpServerOptions, limits: ServerLimits, guard: Guard, hub: LiveHub): Promise<void> {
  answerFailures(app, options.log);
  acceptJsonOnly(app, limits.jsonDepth);
  app.decorateRequest('identity', null);
  app.decorateRequest('session', null);
  app.decorateRequest('renewedToken', null);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"], 'base-uri': ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // Loopback is not reached over TLS.
    strictTransportSecurity: false,
  });
  const sockets = sessionSockets();
  guard.sessions.onEnd((id) => sockets.end(id));
  const live = await serveLive.register(app, hub, options.log, (id, socket) => sockets.add(id, socket));
  const failedLogin = await countFailedLogins(app, limits.failedLoginsPerMinute, options.log);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('cache-control', 'no-store').header('x-request-id', request.id);
    try {
      admit(guard, request);
      if (request.renewedToken !== null) giveCookie(reply, request.renewedToken, guard.sessions.seconds, request.session?.secure ?? false);
      done();
    } catch (error) {
      if (!(error instanceof GluonError) || error.code !== 'unauthenticated') return done(error as Error);
      failedLogin(request).then(done, done);
    }
  });
  logRequests(app, options.log);
  serveOperations(app, {
    handlers: options.handlers,
    idempotency: options.idempotency,
    log: options.log,
    bodyBytes: limits.bodyBytes,
    checkOutputs: options.checkOutputs ?? false,
    sessionSeconds: guard.sessions.seconds,
    failedLogin,
  });
  live.addRoute();
  serveDescription(app, options.version);
  if (options.pageFolder !== undefined) await servePage(app, options.pageFolder);
  await options.mount?.(app);
  await app.ready();
}

function collectRoutes(app: FastifyInstance): ServedRoute[] {
  const routes: ServedRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat()) routes.push({ method: each, url, role: config?.role ?? ROLE_OF_SILENT_ROUTES });
  });
  return routes;
}

const LOOPBACK = new Set(['127.0.0.1', '::1']);

async function bind(app: FastifyInstance, host: string, port: number): Promise<void> {
  if (!LOOPBACK.has(host)) throw new GluonError('bind_refused', { host });
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new GluonError('port_in_use', { port }, { cause: error });
    throw error;
  }
}
