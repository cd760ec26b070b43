/** Every failure leaves the server here, as a problem document. */
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GluonError } from '../contract/errors.ts';
import type { Log } from '../ports/system.ts';
import { markRefusal } from './guard.ts';
import { PROBLEM_MEDIA_TYPE, problemOf, requestFault } from './problem.ts';

export function answerFailures(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, log));
  app.setNotFoundHandler((request) => {
    // The address itself comes from outside and is not repeated.
    throw new GluonError('not_found', { what: `${request.method} to that path` });
  });
}

/** What nobody foresaw is logged whole and told as an id alone. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  let known = requestFault(error);
  if (known === null) {
    log.error({ request: request.id, route: request.routeOptions?.url, error }, 'a request failed inside Gluon');
    known = new GluonError('internal', { id: request.id });
  }
  const problem = problemOf(known, request.id);
  markRefusal(known, reply);
  reply.code(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}

const PLATFORM_FAULTS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** For what the HTTP parser itself refuses: there is no request yet, and the connection ends. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = PLATFORM_FAULTS[error.code ?? ''] ?? '400 Bad Request';
  const body = JSON.stringify(problemOf(new GluonError('bad_request', { why: 'it is not proper HTTP' }), 'none'));
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
