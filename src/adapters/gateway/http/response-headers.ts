/** Which headers of the provider's answer go back to the agent. */
import type { IncomingHttpHeaders } from 'node:http';

/** RFC 9110, section 7.6.1, and what belongs to the connection or the account behind the gateway. */
const DROPPED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'anthropic-organization-id',
]);

/** Headers named by `Connection` and headers that hold one of the secrets are dropped as well. */
export function clientHeaders(headers: IncomingHttpHeaders, secrets: readonly string[]): Record<string, string | string[]> {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || DROPPED.has(name) || named.includes(name)) continue;
    const text = Array.isArray(value) ? value.join('\n') : value;
    if (secrets.some((secret) => text.includes(secret) || name.includes(secret.toLowerCase()))) continue;
    kept[name] = value;
  }
  return kept;
}
