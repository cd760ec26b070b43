/** Turns the input of an operation into method, path and body. */

export interface OperationRoute {
  readonly method: string;
  readonly path: string;
}

export interface OperationRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Undefined for GET and DELETE: there the rest of the input is the query. */
  readonly body: Record<string, unknown> | undefined;
}

export function operationRequest(route: OperationRoute, input: Readonly<Record<string, unknown>>): OperationRequest {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = route.path.replace(/\{(\w+)(\*?)\}/g, (_whole, name: string, star: string) => {
    const value = String(rest.get(name) ?? '');
    rest.delete(name);
    return star === '' ? encodeURIComponent(value) : value.split('/').map(encodeURIComponent).join('/');
  });
  if (route.method !== 'GET' && route.method !== 'DELETE') {
    return { method: route.method, path: `/api${path}`, body: Object.fromEntries(rest) };
  }
  const query = new URLSearchParams();
  for (const [name, value] of rest) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const text = query.toString();
  return { method: route.method, path: `/api${path}${text === '' ? '' : `?${text}`}`, body: undefined };
}
