/** The typed client of the page: one call per operation, types from the contract, which is not loaded. */
import { operationRequest } from '../../../src/contract/operation-request.ts';
import { OPERATION_ROUTES } from '../../../src/contract/operation-routes.gen.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../../src/contract/operations.ts';
import { failureOf, offlineFailure } from './failure.ts';
import { session, setSession } from './session.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** The same key for each try of one action: the server carries it out once. */
  readonly idempotencyKey?: string;
}

/** Throws `ApiFailure`. A refused session signs the page out; what was typed stays where it is. */
export async function call<K extends OperationName>(
  name: K,
  input: OperationInput<K>,
  options: CallOptions = {},
): Promise<OperationOutput<K>> {
  const { method, path, body } = operationRequest(OPERATION_ROUTES[name], input);
  const headers = new Headers({ accept: 'application/json', 'x-gluon-client': 'web' });
  if (body !== undefined) headers.set('content-type', 'application/json');
  const now = session();
  if (method !== 'GET' && now.state === 'in') headers.set('x-gluon-csrf', now.csrf);
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: options.signal ?? null,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw offlineFailure();
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as OperationOutput<K>;
  if (response.status === 401 && now.state === 'in') setSession({ state: 'out', why: 'expired' });
  throw failureOf(response.status, answer);
}

/** Address of an operation that answers with bytes, for `src` of an image. */
export function addressOf<K extends OperationName>(name: K, input: OperationInput<K>): string {
  return operationRequest(OPERATION_ROUTES[name], input).path;
}
