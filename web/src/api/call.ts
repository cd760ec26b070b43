/** The typed client of the page: one call per operation, types from the contract, which is not loaded. */
import { operationRequest } from '../../../src/contract/operation-request.ts';
import { OPERATION_ROUTES } from '../../../src/contract/operation-routes.gen.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../../src/contract/operations.ts';
import { failureOf, offlineFailure } from './failure.ts';
import { type Session, session, setSession } from './session.ts';

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
  const answer = await bodyOf(response);
  if (response.ok) return answer as OperationOutput<K>;
  const failure = failureOf(response.status, answer);
  if (failure.code === 'csrf_refused' && now.state === 'in' && (await sessionIsNew(now))) return call(name, input, options);
  if (response.status === 401 && now.state === 'in') setSession({ state: 'out', why: 'expired' });
  throw failure;
}

/** A body that breaks off is no answer; only a refusal may come without one. */
async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    if (response.ok) throw offlineFailure();
    return null;
  }
}

/** Another tab of this browser has signed in anew: true when it is the same person, whose new value is used from now on. */
async function sessionIsNew(before: Session & { state: 'in' }): Promise<boolean> {
  const found = await call('auth.session', {});
  if (found.user.name !== before.user.name) {
    setSession({ state: 'out', why: 'expired' });
    return false;
  }
  setSession({ state: 'in', ...found });
  return found.csrf !== before.csrf;
}

/** Address of an operation that answers with bytes, for `src` of an image. */
export function addressOf<K extends OperationName>(name: K, input: OperationInput<K>): string {
  return operationRequest(OPERATION_ROUTES[name], input).path;
}
