/** Where an operation lives: its path in the router's words. */

export interface OperationAddress {
  /** For the router: `/api/runs/:run/files/*`. */
  readonly url: string;
  /** Names of the path's parameters, in order. */
  readonly params: readonly string[];
  /** The parameter that takes several segments, and the text that must follow it. */
  readonly rest: { readonly name: string; readonly suffix: string } | null;
}

/** The router knows a wildcard only at the end: what follows `{name*}` is checked and cut off by `restOfPath`. */
export function operationAddress(path: string): OperationAddress {
  const params = [...path.matchAll(/\{(\w+)\*?\}/g)].map((match) => match[1] ?? '');
  const wildcard = path.match(/^(.*)\{(\w+)\*\}(.*)$/);
  const prefix = wildcard?.[1] ?? path;
  const url = `/api${prefix.replace(/\{(\w+)\}/g, ':$1')}${wildcard === null ? '' : '*'}`;
  if (wildcard === null) return { url, params, rest: null };
  const suffix = wildcard[3] ?? '';
  if (suffix.includes('{')) throw new Error(`the path ${path} has a parameter after its wildcard`);
  return { url, params, rest: { name: wildcard[2] ?? '', suffix } };
}

/** The value of the wildcard parameter, or null when the address is another one. */
export function restOfPath(tail: string, suffix: string): string | null {
  return tail.length > suffix.length && tail.endsWith(suffix) ? tail.slice(0, tail.length - suffix.length) : null;
}
