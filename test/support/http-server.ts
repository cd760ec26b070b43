/** A server with handlers that only note what reached them: for tests of the door, the routes and the live connection. */
import { memoryBus } from '../../src/adapters/bus/memory/bus.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { silentLog } from '../../src/adapters/system/log.ts';
import { systemRandom } from '../../src/adapters/system/random.ts';
import type { CallContext, Handlers } from '../../src/contract/handlers.ts';
import { OPERATION_NAMES, type OperationName } from '../../src/contract/operations.ts';
import type { Bus } from '../../src/ports/bus.ts';
import type { KeyedRequest } from '../../src/ports/store.ts';
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../src/server/http-server.ts';
import type { IdempotencyStore } from '../../src/server/idempotency.ts';

export const TOKEN = 'owner-token-for-tests-0123456789abcdefghijk';
export const VIEWER_TOKEN = 'viewer-token-for-tests-0123456789abcdefghij';
export const OPERATOR_TOKEN = 'operator-token-for-tests-0123456789abcdefg';

export interface Call {
  readonly name: OperationName;
  readonly input: Record<string, unknown>;
  readonly context: CallContext;
}

/** Anything may be answered: the server does not look into outputs unless told to check them. */
export type Answers = { readonly [K in OperationName]?: (input: never, context: CallContext) => unknown };

export interface Fixture {
  readonly server: HttpServer;
  readonly bus: Bus;
  readonly port: number;
  /** What handlers were called, in order: an attack that leaves this empty did nothing. */
  readonly calls: Call[];
  readonly logged: { level: string; fields: object; message: string }[];
  url(path: string): string;
  /** A request with the owner's token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** The body of an answer as an object with any fields. */
export async function fieldsOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

export async function startFixture(answers: Answers = {}, options: Partial<HttpServerOptions> = {}): Promise<Fixture> {
  const calls: Call[] = [];
  const logged: Fixture['logged'] = [];
  const note = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const bus = memoryBus(silentLog());
  const handlers = notingHandlers(calls, answers);
  const server = await createHttpServer({
    handlers,
    bus,
    token: TOKEN,
    moreTokens: [
      { token: VIEWER_TOKEN, name: 'vera', role: 'viewer' },
      { token: OPERATOR_TOKEN, name: 'olaf', role: 'operator' },
    ],
    version: '0.0.0-test',
    port: 0,
    clock: systemClock(),
    random: systemRandom(),
    log,
    idempotency: memoryIdempotency(handlers),
    ...options,
  });
  const { port } = await server.listen();
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
  return {
    server,
    bus,
    port,
    calls,
    logged,
    url,
    fetch: (path, init = {}) => fetch(url(path), { ...init, headers: { authorization: `Bearer ${TOKEN}`, ...init.headers } }),
    close: () => server.close(1_000),
  };
}

function notingHandlers(calls: Call[], answers: Answers): Handlers {
  const handler = (name: OperationName) => async (input: object, context: CallContext) => {
    calls.push({ name, input: { ...input }, context });
    const answer = answers[name] as ((input: object, context: CallContext) => unknown) | undefined;
    return answer === undefined ? { done: true } : answer(input, context);
  };
  return Object.fromEntries(OPERATION_NAMES.map((name) => [name, handler(name)])) as unknown as Handlers;
}

export function memoryIdempotency(
  handlers: Handlers = notingHandlers([], {}),
): IdempotencyStore & { readonly saved: Map<string, KeyedRequest> } {
  const saved = new Map<string, KeyedRequest>();
  return {
    saved,
    find: async (key) => saved.get(key) ?? null,
    save: async (key, fingerprint, status, body) => void saved.set(key, { fingerprint, answer: { status, body }, made: null }),
    handlers: () => handlers,
    again: () => Promise.reject(new Error('no handler here makes anything')),
  };
}
