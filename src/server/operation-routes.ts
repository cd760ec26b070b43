/** One route per operation of the contract; nothing is written twice. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isGluonError } from '../contract/errors.ts';
import type { CallContext, Handlers } from '../contract/handlers.ts';
import type { Operation } from '../contract/operation.ts';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '../contract/operations.ts';
import type { Log } from '../ports/system.ts';
import { sendBytes, sendJson } from './answer.ts';
import type { FailedLogin } from './failed-logins.ts';
import { fingerprintOf, type IdempotencyStore, IdempotentAnswers, idempotencyKey } from './idempotency.ts';
import { type OperationAddress, operationAddress } from './operation-address.ts';
import { requestInput } from './request-input.ts';
import { cameOverHttps, giveCookie } from './web/give-cookie.ts';

export interface OperationRoutesOptions {
  readonly handlers: Handlers;
  readonly idempotency: IdempotencyStore;
  readonly log: Log;
  readonly bodyBytes: number;
  /** Check every answer against its schema, for tests: a mismatch is an internal error. */
  readonly checkOutputs: boolean;
  /** How long a browser keeps the cookie of a session. */
  readonly sessionSeconds: number;
  readonly failedLogin: FailedLogin;
}

type AnyHandler = (input: object, context: CallContext) => Promise<unknown>;

interface Served {
  readonly name: OperationName;
  readonly operation: Operation;
  readonly address: OperationAddress;
}

export function serveOperations(app: FastifyInstance, options: OperationRoutesOptions): void {
  const answers = new IdempotentAnswers(options.idempotency, options.log);
  for (const name of OPERATION_NAMES) {
    const operation: Operation = OPERATIONS[name];
    const address = operationAddress(operation.path);
    const served: Served = { name, operation, address };
    app.route({
      method: operation.method,
      url: address.url,
      bodyLimit: operation.maxBodyBytes ?? options.bodyBytes,
      config: { role: operation.role, effect: operation.effect },
      handler: (request, reply) => serve(served, options, answers, request, reply),
    });
  }
}

async function serve(
  { name, operation, address }: Served,
  options: OperationRoutesOptions,
  answers: IdempotentAnswers,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const input = requestInput(operation, address, request);
  const context = contextOf(request, (token) => giveCookie(reply, token, options.sessionSeconds, cameOverHttps(request)));
  const status = operation.status ?? 200;
  const checked = (output: unknown): unknown => (options.checkOutputs ? operation.output.parse(output) : output);
  const run = async (handlers: Handlers): Promise<unknown> => {
    try {
      return checked(await (handlers[name] as unknown as AnyHandler)(input, context));
    } catch (error) {
      // A login that fails counts like a request without a token.
      throw isGluonError(error) && error.code === 'login_refused' ? await options.failedLogin(request, error) : error;
    }
  };
  if (operation.binary === true) {
    const { bytes, media_type } = (await run(options.handlers)) as { bytes: Uint8Array; media_type: string };
    return sendBytes(reply, status, bytes, media_type);
  }
  const key = operation.effect === 'read' || operation.secret === true ? undefined : idempotencyKey(request.headers['idempotency-key']);
  if (key === undefined) return sendJson(reply, status, JSON.stringify(await run(options.handlers)));
  // Keys of different people never meet.
  const scoped = `${request.identity?.name ?? ''}:${key}`;
  const fingerprint = fingerprintOf(name, input);
  const { idempotency } = options;
  const answer = await answers.answer(scoped, fingerprint, {
    work: async () => ({ status, body: JSON.stringify(await run(idempotency.handlers(scoped, fingerprint))) }),
    again: async (made) => ({ status, body: JSON.stringify(checked(await idempotency.again(name, made, context))) }),
  });
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return sendJson(reply, answer.status, answer.body);
}

const CLIENTS = new Set(['cli', 'web', 'mcp', 'chat']);

/** `X-Gluon-Client` only names the kind of program in the records; it gives no rights. */
function contextOf(request: FastifyRequest, setSession: CallContext['setSession']): CallContext {
  const client = String(request.headers['x-gluon-client'] ?? '');
  const kind = CLIENTS.has(client) ? client : 'api';
  const name = request.identity?.name ?? 'nobody';
  return {
    actor: name === 'owner' ? kind : `${kind}:${name}`,
    role: request.identity?.role ?? 'public',
    user: request.identity?.name ?? '',
    requestId: request.id,
    session: request.session,
    secure: cameOverHttps(request),
    setSession,
  };
}
