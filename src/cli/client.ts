/** The typed client of the command line: one call per operation. Types come from the contract, which is not loaded. */
import { GluonError } from '../contract/errors.ts';
import { operationRequest } from '../contract/operation-request.ts';
import { OPERATION_ROUTES } from '../contract/operation-routes.gen.ts';
import type { OperationInput, OperationName, OperationOutput } from '../contract/operations.ts';
import { failureOfProblem } from './failure.ts';
import { httpAgent, type JsonAnswer, requestJson } from './http-request.ts';
import type { CliIo } from './io.ts';
import { findServer, homeFolder, type ServerPlace } from './server-place.ts';

export interface Client {
  /** Throws `ServerFailure` with the server's own words, or `server_unreachable`. */
  call<K extends OperationName>(name: K, input: OperationInput<K>): Promise<OperationOutput<K>>;
  /** Where the server is; starts one when none runs and that is wanted. */
  place(): Promise<ServerPlace>;
  /** Looks again, without starting one: after a restart the server may be elsewhere. Null when there is none. */
  placeNow(): Promise<ServerPlace | null>;
  close(): void;
}

export interface ClientOptions {
  /** Start a server in the background when none runs; GLUON_AUTOSTART=0 turns that off. */
  readonly autostart: boolean;
}

/** A server that has just come up mends what a crash left: that takes seconds. */
const STARTING_WAIT_MS = 30_000;
const STARTING_PAUSE_MS = 250;

const NOBODY_LISTENS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EADDRNOTAVAIL', 'EHOSTUNREACH']);

export function createClient(io: CliIo, options: ClientOptions): Client {
  const agent = httpAgent();
  const autostart = options.autostart && !['0', 'false', 'no'].includes(io.environment.GLUON_AUTOSTART ?? '');
  let known: ServerPlace | null = null;

  const start = async (): Promise<ServerPlace> => {
    const { startInBackground } = await import('./autostart.ts');
    return startInBackground(io, agent);
  };
  const place = async (): Promise<ServerPlace> => {
    known ??= await findServer(io);
    if (known === null && !autostart) throw unreachable(null, io);
    known ??= await start();
    return known;
  };
  const send = async (method: string, path: string, body: unknown) => {
    const at = await place();
    try {
      return await requestJson(at, method, path, body, agent);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!NOBODY_LISTENS.has(code)) throw error instanceof GluonError ? error : unreachable(at, io, error);
      // Only a refused connection proves that the request did not arrive: anything else is not sent twice.
      if (code !== 'ECONNREFUSED' || !autostart) throw unreachable(at, io, error);
      known = await start();
      return await requestJson(known, method, path, body, agent);
    }
  };
  /** A request that was refused because the server still starts changed nothing: it is sent again. */
  const sendWhenUp = async (method: string, path: string, body: unknown) => {
    const deadlineMs = io.clock.monotonicMs() + STARTING_WAIT_MS;
    for (;;) {
      const answer = await send(method, path, body);
      if (!isStarting(answer) || io.clock.monotonicMs() > deadlineMs) return answer;
      await io.clock.sleep(STARTING_PAUSE_MS);
    }
  };
  return {
    async call<K extends OperationName>(name: K, input: OperationInput<K>) {
      const { method, path, body } = operationRequest(OPERATION_ROUTES[name], input);
      const answer = await sendWhenUp(method, path, body);
      if (answer.status < 200 || answer.status > 299) throw failureOfProblem(answer.status, answer.body);
      return answer.body as OperationOutput<K>;
    },
    place,
    async placeNow() {
      known = await findServer(io);
      return known;
    },
    close: () => agent.destroy(),
  };
}

function isStarting({ status, body }: JsonAnswer): boolean {
  return status === 503 && (body as { code?: unknown } | null)?.code === 'starting';
}

function unreachable(place: ServerPlace | null, io: CliIo, cause?: unknown): GluonError {
  const address = place?.address ?? `http://127.0.0.1 for the home ${homeFolder(io)}`;
  return new GluonError('server_unreachable', { address }, { cause });
}
