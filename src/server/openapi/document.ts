/** The OpenAPI 3.1 document, derived from the list of operations. */
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import type { Operation } from '../../contract/operation.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../contract/operations.ts';
import { PROBLEM_MEDIA_TYPE, titleOf } from '../problem.ts';
import { Components, type JsonSchema } from './schemas.ts';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Record<string, readonly string[]>[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
}

/** What the door and the parser may answer, to every operation. */
const DOOR: readonly ErrorCode[] = ['bad_request', 'host_refused', 'origin_refused', 'too_many_requests', 'internal', 'shutting_down'];

export function openApiDocument(version: string): OpenApiDocument {
  const components = new Components();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const name of OPERATION_NAMES) {
    const operation: Operation = OPERATIONS[name];
    const path = operation.path.replaceAll('*}', '}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(name, operation, components) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Gluon', version, description: 'Live messages come over the WebSocket at /api/ws; /api/docs describes them.' },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    tags: [...new Set(OPERATION_NAMES.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: '"gluon token print" prints it.' } },
    },
  };
}

function tagOf(name: string): string {
  return name.split('.')[0] ?? name;
}

function describeOperation(name: string, operation: Operation, components: Components): JsonSchema {
  const { properties = {}, required = [], additionalProperties } = components.input(operation.input) as ObjectSchema;
  const inPath = [...operation.path.matchAll(/\{(\w+)\*?\}/g)].map((match) => match[1] ?? '');
  const rest = Object.entries(properties).filter(([field]) => !inPath.includes(field));
  const takesBody = operation.method !== 'GET' && operation.method !== 'DELETE';
  const query = takesBody ? [] : rest;
  const parameters = [
    ...inPath.map((field) => ({ name: field, in: 'path', required: true, schema: properties[field] ?? {} })),
    ...query.map(([field, schema]) => ({ name: field, in: 'query', required: required.includes(field), schema })),
    ...(operation.effect === 'read' ? [] : [IDEMPOTENCY_KEY]),
  ];
  const body = {
    type: 'object',
    properties: Object.fromEntries(rest),
    required: required.filter((field) => !inPath.includes(field)),
    additionalProperties,
  };
  const bodyNeeded = body.required.length > 0;
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: operation.summary,
    ...(operation.role === 'public' ? { security: [] } : {}),
    'x-gluon-role': operation.role,
    'x-gluon-effect': operation.effect,
    parameters,
    ...(takesBody && rest.length > 0 ? { requestBody: { required: bodyNeeded, content: { 'application/json': { schema: body } } } } : {}),
    responses: { [String(operation.status ?? 200)]: success(operation, components), ...failures(operation, inPath.length > 0, takesBody) },
  };
}

interface ObjectSchema {
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: string[];
  readonly additionalProperties?: unknown;
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Sent twice with one key, the request is done once and answered twice.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
};

function success(operation: Operation, components: Components): JsonSchema {
  if (operation.binary === true) return { description: 'The bytes.', content: { 'image/*': {} } };
  return { description: 'Done.', content: { 'application/json': { schema: components.output(operation.output) } } };
}

/** One entry per status; the codes that lead to it are named. Operations may answer with further codes of the catalogue: `default`. */
function failures(operation: Operation, hasPathParameters: boolean, takesBody: boolean): Record<string, JsonSchema> {
  const codes: ErrorCode[] = [...DOOR];
  if (operation.role !== 'public') codes.push('unauthenticated', 'forbidden');
  if (hasPathParameters) codes.push('not_found');
  if (takesBody) codes.push('unsupported_media_type', 'too_large');
  if (operation.effect !== 'read') codes.push('idempotency_conflict');
  const byStatus = Map.groupBy(codes, (code) => String(ERRORS[code].status));
  const entries = [...byStatus].map(([status, group]) => [status, problem(group.map(titleOf).join('; '))] as const);
  return { ...Object.fromEntries(entries), default: problem('Another failure of the catalogue; see its code.') };
}

function problem(description: string): JsonSchema {
  return { description, content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } };
}
