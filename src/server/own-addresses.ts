/** The names under which this server may be addressed. Everything else is a rebound name, a foreign page or a mistake. */
export interface OwnAddresses {
  /** Exact values of the Host header, lower case. */
  readonly hosts: ReadonlySet<string>;
  /** Exact values of the Origin header. */
  readonly origins: ReadonlySet<string>;
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** `extraHosts` are full Host values such as `gluon.example.org` or `localhost:8080` (a tunnel), reached over http or https. */
export function ownAddresses(port: number, extraHosts: readonly string[]): OwnAddresses {
  const loopback = LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const extra = extraHosts.map((host) => host.toLowerCase());
  return {
    hosts: new Set([...loopback, ...extra]),
    origins: new Set([
      ...loopback.map((host) => origin('http', host)),
      ...extra.flatMap((host) => [origin('http', host), origin('https', host)]),
    ]),
  };
}

/** A browser leaves the default port out of an origin. */
function origin(scheme: 'http' | 'https', host: string): string {
  const suffix = scheme === 'http' ? ':80' : ':443';
  return `${scheme}://${host.endsWith(suffix) ? host.slice(0, -suffix.length) : host}`;
}

/** Lower case for ASCII letters alone: full Unicode lowering maps other letters (K, the Kelvin sign) onto ASCII ones. */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
