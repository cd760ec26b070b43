/** What the agent's headers say, and which of them go on to the provider. */
import type { IncomingMessage } from 'node:http';
import type { Credential } from '../../../ports/gateway.ts';

/** Added for credentials of a Claude login: without it the provider takes no such token. */
const OAUTH_BETA = 'oauth-2025-04-20';

/** Only these go on, so that nothing that could authenticate, route or frame passes by being unknown here. */
const PASSED = new Set(['accept', 'accept-language', 'content-type', 'user-agent', 'idempotency-key', 'x-app', 'x-request-id']);
const PASSED_FAMILIES = ['anthropic-', 'x-stainless-', 'x-claude-code-', 'x-client-'];
const AUTHENTICATING = /key|token|auth|secret|credential|cookie|signature|organization|workspace/;

/** Lower-case name and value pairs, in order, duplicates kept. */
export function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) pairs.push([(rawHeaders[i] ?? '').toLowerCase(), rawHeaders[i + 1] ?? '']);
  return pairs;
}

/**
 * The one token that a request presents, as `x-api-key` or `Authorization: Bearer`; null when there is none, or when two
 * differ: which of them counts must not be a matter of who reads first.
 */
export function presentedToken(req: IncomingMessage): string | null {
  const presented = new Set<string>();
  for (const [name, value] of headerPairs(req.rawHeaders)) {
    if (name === 'x-api-key') presented.add(value);
    if (name === 'authorization') presented.add(/^Bearer +(\S+)$/i.exec(value)?.[1] ?? '');
  }
  const [only, second] = [...presented];
  return only === undefined || only === '' || second !== undefined ? null : only;
}

/** A page in a browser that was made to resolve its own name to loopback must not reach the TCP listener. */
export function isLoopbackHost(req: IncomingMessage, port: number): boolean {
  const pairs = headerPairs(req.rawHeaders);
  const hosts = pairs.filter(([name]) => name === 'host');
  if (hosts.length !== 1 || pairs.some(([name]) => name === 'origin')) return false;
  const host = hosts[0]?.[1].toLowerCase();
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

function passes(name: string): boolean {
  if (PASSED.has(name)) return true;
  return PASSED_FAMILIES.some((family) => name.startsWith(family)) && !AUTHENTICATING.test(name);
}

/** The headers of the request to the provider: what may pass of the agent's, and the real credential. */
export function upstreamHeaders(rawHeaders: readonly string[], credential: Credential, bodyBytes: number | null): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of headerPairs(rawHeaders)) {
    if (!passes(name)) continue;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  if (bodyBytes !== null) headers['content-length'] = String(bodyBytes);
  // Usage is read from the answer, so it must come as it is.
  headers['accept-encoding'] = 'identity';
  if (credential.kind === 'api_key') {
    headers['x-api-key'] = credential.value;
    return headers;
  }
  headers.authorization = `Bearer ${credential.value}`;
  if (credential.kind === 'oauth') headers['anthropic-beta'] = withBeta(headers['anthropic-beta']);
  return headers;
}

function withBeta(present: string | undefined): string {
  const flags = (present ?? '').split(',').map((flag) => flag.trim());
  const kept = flags.filter((flag) => flag !== '' && flag !== OAUTH_BETA);
  return [...kept, OAUTH_BETA].join(',');
}
