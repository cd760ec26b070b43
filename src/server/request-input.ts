/** One object out of path, query and body, checked against the operation's schema. */
import type { FastifyRequest } from 'fastify';
import { GluonError } from '../contract/errors.ts';
import type { Operation } from '../contract/operation.ts';
import { type OperationAddress, restOfPath } from './operation-address.ts';
import { invalidInput } from './problem.ts';

/** The parsed input. Throws `bad_request` with the field's name, or `not_found` when the end of the path is another one. */
export function requestInput(operation: Operation, address: OperationAddress, request: FastifyRequest): object {
  const fields: Record<string, unknown> = Object.create(null);
  const inPath = request.params as Record<string, string>;
  for (const name of address.params) {
    fields[name] = address.rest?.name === name ? wildcardValue(address.rest.suffix, inPath['*'] ?? '', request) : inPath[name];
  }
  for (const [name, value] of Object.entries(unpathedFields(operation, request))) {
    if (Object.hasOwn(fields, name) && fields[name] !== value) {
      throw new GluonError('bad_request', { why: `${name}: the path says otherwise` });
    }
    fields[name] = value;
  }
  refuseNul(fields);
  const parsed = operation.input.safeParse(fields);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

function wildcardValue(suffix: string, tail: string, request: FastifyRequest): string {
  const value = restOfPath(tail, suffix);
  if (value === null) throw new GluonError('not_found', { what: `${request.method} with that end of the path` });
  return value;
}

/** Query of GET and DELETE, body of the others; the other place has to be empty, so that nothing is silently left unread. */
function unpathedFields(operation: Operation, request: FastifyRequest): object {
  const query = request.query as object;
  if (operation.method === 'GET' || operation.method === 'DELETE') {
    if (hasBody(request)) throw new GluonError('bad_request', { why: `${operation.method} takes no body` });
    return query;
  }
  const [stray] = Object.keys(query);
  if (stray !== undefined) throw new GluonError('bad_request', { why: `${stray}: ${operation.method} takes its fields in the body` });
  const body = request.body ?? {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new GluonError('bad_request', { why: 'the body has to be an object' });
  return body;
}

function hasBody(request: FastifyRequest): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** No text, path or name holds a NUL; the programs and files behind would cut there. */
function refuseNul(fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    const texts = Array.isArray(value) ? value : [value];
    if (name.includes('\0') || texts.some((text) => typeof text === 'string' && text.includes('\0'))) {
      throw new GluonError('bad_request', { why: `${name.replaceAll('\0', '')}: it holds a NUL character` });
    }
  }
}
