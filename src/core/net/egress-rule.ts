/** What a run may reach: names, with a wildcard for everything below one, and a port if it is not one of the web's. */
import { isAddress, isPublicAddress } from './address.ts';
import { canonicalHost } from './host-name.ts';

const WEB_PORTS = [80, 443];

/** The canonical spelling of a rule: `example.org`, `*.example.org`, `example.org:8443`. Null when it can be none. */
export function parseEgressName(text: string): string | null {
  const found = /^(\*\.)?(.+?)(?::(\d{1,5}))?$/su.exec(text.trim());
  if (found === null) return null;
  const [, wildcard = '', name = '', port] = found;
  const host = canonicalHost(name);
  if (host === null || (port !== undefined && !isPort(Number(port)))) return null;
  return `${wildcard}${host}${port === undefined ? '' : `:${Number(port)}`}`;
}

export interface EgressTarget {
  /** Canonical name or address. */
  host: string;
  port: number;
  kind: 'name' | 'address';
}

/** The target of a CONNECT request line, or the authority of an absolute URL: one host, one port, nothing else. */
export function parseAuthority(text: string, defaultPort: number | null): EgressTarget | null {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:@]+))(?::(\d{1,5}))?$/.exec(text);
  if (found === null) return null;
  const [, literal, name, portText] = found;
  const port = portText === undefined ? defaultPort : Number(portText);
  if (port === null || !isPort(port)) return null;
  const address = literal ?? name ?? '';
  if (isAddress(address))
    return literal !== undefined || !address.includes(':') ? { host: address.toLowerCase(), port, kind: 'address' } : null;
  const host = literal === undefined ? canonicalHost(address) : null;
  return host === null ? null : { host, port, kind: 'name' };
}

export type EgressVerdict = { allowed: boolean; reason: string };

/** `rules` are canonical; null stands for the policy that allows everything public. */
export function judgeEgress(target: EgressTarget, rules: readonly string[] | null): EgressVerdict {
  const { host, port, kind } = target;
  if (kind === 'address') {
    if (rules !== null) return refuse('an address in place of a name');
    if (!isPublicAddress(host)) return refuse('an address that is not public');
  }
  if (rules === null) return WEB_PORTS.includes(port) ? allow('the policy allows all names') : refuse(`port ${port} is not allowed`);
  const named = rules.filter((rule) => matchesName(rule, host));
  if (named.length === 0) return refuse('the name is not on the list');
  const rule = named.find((candidate) => portOf(candidate) === port || (portOf(candidate) === null && WEB_PORTS.includes(port)));
  return rule === undefined ? refuse(`port ${port} is not allowed for this name`) : allow(`the list has ${rule}`);
}

/** `*.example.org` stands for every name below example.org, not for itself; without `*` for exactly that name. */
function matchesName(rule: string, host: string): boolean {
  const name = rule.replace(/:\d+$/, '');
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) && host.length > name.length - 1 : host === name;
}

function portOf(rule: string): number | null {
  const port = /:(\d+)$/.exec(rule)?.[1];
  return port === undefined ? null : Number(port);
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65535;
const allow = (reason: string): EgressVerdict => ({ allowed: true, reason });
const refuse = (reason: string): EgressVerdict => ({ allowed: false, reason });
