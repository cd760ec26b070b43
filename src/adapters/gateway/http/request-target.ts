/** Which of the provider's operations a request asks for. Exact paths only: nothing is normalised, decoded or guessed. */

export interface Target {
  readonly operation: 'messages' | 'count_tokens' | 'models';
  /** Path and query as they go to the provider, beneath its base URL. */
  readonly path: string;
}

const OPERATIONS: Readonly<Record<string, { method: string; operation: Target['operation'] }>> = {
  '/v1/messages': { method: 'POST', operation: 'messages' },
  '/v1/messages/count_tokens': { method: 'POST', operation: 'count_tokens' },
  '/v1/models': { method: 'GET', operation: 'models' },
};

const ONE_MODEL = /^\/v1\/models\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const MAX_QUERY = 1_024;
/** A second way to authenticate must not reach the provider. */
const AUTHENTICATING = /key|token|auth|secret|credential|signature|password/i;

/** Null: not one of ours, whatever trick the path holds (absolute form, `..`, `//`, percent signs). */
export function readTarget(method: string | undefined, url: string | undefined): Target | null {
  if (method === undefined || url === undefined) return null;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const found = Object.hasOwn(OPERATIONS, path) ? OPERATIONS[path] : undefined;
  const query = mark < 0 ? '' : cleanQuery(url.slice(mark + 1));
  if (query === null) return null;
  if (found !== undefined) return found.method === method ? { operation: found.operation, path: path + query } : null;
  // `.` and `..` alone do not fit the pattern: a name begins with a letter or a digit.
  return method === 'GET' && ONE_MODEL.test(path) ? { operation: 'models', path: path + query } : null;
}

function cleanQuery(query: string): string | null {
  if (query === '') return '';
  if (query.length > MAX_QUERY || query.includes('#')) return null;
  const names = [...new URLSearchParams(query).keys()];
  return names.some((name) => AUTHENTICATING.test(name)) ? null : `?${query}`;
}
