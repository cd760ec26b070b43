/** The door: every request passes here before anything of it is read further, also those to addresses that do not exist. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GluonError } from '../contract/errors.ts';
import { asciiLowerCase, type OwnAddresses } from './own-addresses.ts';
import { ROLE_OF_SILENT_ROUTES } from './request-facts.ts';
import { bearerToken, type Identity, roleSuffices, type TokenCheck } from './tokens.ts';
import { checkFromPage, type SessionCheck } from './web/session-check.ts';
import { sessionCookie } from './web/session-cookie.ts';

/** Browsers cannot send Authorization with a WebSocket: they offer the subprotocols `gluon.v1` and `gluon.token.<token>`. */
export const LIVE_PROTOCOL = 'gluon.v1';
const TOKEN_PROTOCOL_PREFIX = 'gluon.token.';

export interface Guard {
  readonly addresses: () => OwnAddresses;
  readonly check: TokenCheck;
  readonly sessions: SessionCheck;
  readonly closing: () => boolean;
  readonly starting: () => boolean;
}

/**
 * Host, then Origin, then token, then role. The order matters: a page that rebound its name must learn nothing, not even whether a
 * token was right. Throws `host_refused`, `origin_refused`, `shutting_down`, `unauthenticated`, `forbidden`,
 * `csrf_refused`, `starting`, `bad_request`.
 */
export function admit(guard: Guard, request: FastifyRequest): void {
  const { hosts, origins } = guard.addresses();
  checkHost(hosts, request);
  checkOrigin(origins, request);
  if (guard.closing()) throw new GluonError('shutting_down');
  request.identity = identify(guard, request);
  const { role = ROLE_OF_SILENT_ROUTES, live = false, effect = effectOf(request.method) } = request.routeOptions?.config ?? {};
  if (role !== 'public') {
    if (request.identity === null) throw new GluonError('unauthenticated');
    if (!roleSuffices(request.identity.role, role)) throw new GluonError('forbidden', { why: `it needs the role ${role}` });
    if (request.session !== null) checkFromPage(request.session, request);
  }
  if (effect !== 'read' && guard.starting()) throw new GluonError('starting');
  if (request.ws === true && !live) throw new GluonError('bad_request', { why: 'this address does not change protocols' });
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const effectOf = (method: string): 'read' | 'write' => (READING.has(method) ? 'read' : 'write');

function checkHost(hosts: ReadonlySet<string>, request: FastifyRequest): void {
  const host = request.headers.host ?? '';
  // A full address in the request line would overrule the Host header (RFC 9112, section 3.2.2): not taken at all.
  if (request.raw.url?.startsWith('/') !== true) throw new GluonError('host_refused', { host: 'in the request line' });
  if (!hosts.has(asciiLowerCase(host)) || countOfHeader(request, 'host') > 1) throw new GluonError('host_refused', { host });
}

/** The platform keeps the first of several Host headers; a proxy in front may have looked at another one. */
function countOfHeader(request: FastifyRequest, name: string): number {
  const { rawHeaders } = request.raw;
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === name) count += 1;
  return count;
}

/** Programs send no Origin; browsers send it with everything that changes state, and Sec-Fetch-Site with all the rest. */
function checkOrigin(origins: ReadonlySet<string>, request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin !== undefined && !origins.has(origin)) throw new GluonError('origin_refused', { origin });
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  if (asksApi(request)) throw new GluonError('origin_refused', { origin: origin ?? String(site) });
}

/** By the route that answers, and by the path as the router reads it: "/%61pi" is "/api" to both. */
function asksApi(request: FastifyRequest): boolean {
  if (request.routeOptions?.url?.startsWith('/api') === true) return true;
  const [path = ''] = (request.raw.url ?? '').split(/[?#]/, 1);
  try {
    return decodeURIComponent(path).startsWith('/api');
  } catch {
    // No address of the page: the router will refuse it too.
    return true;
  }
}

/** A token that is wrong is not made good by a cookie. */
function identify({ check, sessions }: Guard, request: FastifyRequest): Identity | null {
  const token = bearerToken(request.headers.authorization) ?? (request.ws === true ? protocolToken(request) : null);
  if (token !== null || request.headers.authorization !== undefined) return token === null ? null : check(token);
  const cookie = sessionCookie(request.headers.cookie);
  const found = cookie === null ? null : sessions.check(cookie);
  if (found === null) return null;
  request.session = found.session;
  if (found.renewed) request.renewedToken = cookie;
  return { name: found.session.user, role: found.session.role };
}

function protocolToken(request: FastifyRequest): string | null {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((each) => each.trim()) ?? [];
  return offered.find((each) => each.startsWith(TOKEN_PROTOCOL_PREFIX))?.slice(TOKEN_PROTOCOL_PREFIX.length) ?? null;
}

/** Headers that belong to a refusal; its connection ends, so that an unread body cannot be taken for the next request. */
export function markRefusal(error: GluonError, reply: FastifyReply): void {
  if (error.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="gluon"');
  if (error.code === 'too_many_requests' || error.code === 'shutting_down') reply.header('retry-after', '5');
  if (error.code === 'starting') reply.header('retry-after', '1');
  const ends = ['unauthenticated', 'host_refused', 'origin_refused', 'too_many_requests', 'shutting_down', 'starting', 'too_large'];
  if (ends.includes(error.code)) reply.header('connection', 'close');
}
