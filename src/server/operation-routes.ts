/** One route per operation of the contract; nothing is written twice. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallContext, Handlers } from '../contract/handlers.ts';
import type { Operation } from '../contract/operation.ts';
import { OPERATION_NAMES, OPERATIONS, type OperationName } from '../contract/operations.ts';
import { sendBytes, sendJson } from './answer.ts';
import { fingerprintOf, type IdempotentAnswers, idempotencyKey } from './idempotency.ts';
import { type OperationAddress, operationAddress } from './operation-address.ts';
import { requestInput } from './request-input.ts';

export interface OperationRoutesOptions {
  readonly handlers: Handlers;
  readonly idempotent: IdempotentAnswers;
  readonly bodyBytes: number;
  /** Check every answer against its schema, for tests: a mismatch is an internal error. */
  readonly checkOutputs: boolean;
}

type AnyHandler = (input: object, context: CallContext) => Promise<unknown>;

interface Served {
  readonly name: OperationName;
  readonly operation: Operation;
  readonly address: OperationAddress;
  readonly call: AnyHandler;
}

export function serveOperations(app: FastifyInstance, options: OperationRoutesOptions): void {
  for (const name of OPERATION_NAMES) {
    const operation: Operation = OPERATIONS[name];
    const address = operationAddress(operation.path);
    const served: Served = { name, operation, address, call: options.handlers[name] as unknown as AnyHandler };
    app.route({
      method: operation.method,
      url: address.url,
      bodyLimit: operation.maxBodyBytes ?? options.bodyBytes,
      config: { role: operation.role },
      handler: (request, reply) => serve(served, options, request, reply),
    });
  }
}

async function serve(served: Served, options: OperationRoutesOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { operation, name } = served;
  const input = requestInput(operation, served.address, request);
  const context = contextOf(request);
  const status = operation.status ?? 200;
  const run = async (): Promise<unknown> => {
    const output = await served.call(input, context);
    return options.checkOutputs ? operation.output.parse(output) : output;
  };
  if (operation.binary === true) {
    const { bytes, media_type } = (await run()) as { bytes: Uint8Array; media_type: string };
    return sendBytes(reply, status, bytes, media_type);
  }
  const key = operation.effect === 'read' ? undefined : idempotencyKey(request.headers['idempotency-key']);
  if (key === undefined) return sendJson(reply, status, JSON.stringify(await run()));
  // Keys of different people never meet.
  const scoped = `${request.identity?.name ?? ''}:${key}`;
  const answer = await options.idempotent.answer(scoped, fingerprintOf(name, input), async () => ({
    status,
    body: JSON.stringify(await run()),
  }));
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return sendJson(reply, answer.status, answer.body);
}

const CLIENTS = new Set(['cli', 'web', 'mcp', 'chat']);

/** `X-Gluon-Client` only names the kind of program in the records; it gives no rights. */
function contextOf(request: FastifyRequest): CallContext {
  const client = String(request.headers['x-gluon-client'] ?? '');
  const kind = CLIENTS.has(client) ? client : 'api';
  const name = request.identity?.name ?? 'nobody';
  return { actor: name === 'owner' ? kind : `${kind}:${name}`, role: request.identity?.role ?? 'public', requestId: request.id };
}
