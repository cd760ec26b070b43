/** One request to the server, over node:http: fetch would cost a third of the start-up budget. */
import type { Agent } from 'node:http';
import { GluonError } from '../contract/errors.ts';
import type { ServerPlace } from './server-place.ts';

/**
 * Not by an import statement: that reads every export of the module, and one of them (WebSocket) loads the whole of undici, which costs 30 ms
 * of the 120 that a call may take.
 */
const { Agent: HttpAgent, request } = process.getBuiltinModule('node:http');

/** Connections that are kept for the next call. */
export function httpAgent(): Agent {
  return new HttpAgent({ keepAlive: true, maxSockets: 8 });
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The server may fetch from a remote or search a big folder meanwhile; a socket that is silent for longer is given up. */
const SILENCE_MS = 300_000;

/** Rejects with the socket's own error when nothing answers, and with `not_gluon` when the answer is not JSON. */
export async function requestJson(
  place: ServerPlace,
  method: string,
  path: string,
  body: unknown,
  agent: Agent,
  silenceMs = SILENCE_MS,
): Promise<JsonAnswer> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const { status, text } = await exchange(place, method, path, payload, agent, silenceMs);
  if (text === '') return { status, body: null };
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw new GluonError('not_gluon', { address: place.address, why: 'it does not speak JSON' });
  }
}

function exchange(place: ServerPlace, method: string, path: string, payload: Buffer | undefined, agent: Agent, silenceMs: number) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: place.port,
        method,
        path,
        agent,
        timeout: silenceMs,
        headers: {
          accept: 'application/json',
          'user-agent': 'gluon-cli',
          'x-gluon-client': 'cli',
          ...(place.token === '' ? {} : { authorization: `Bearer ${place.token}` }),
          ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': payload.byteLength }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${Math.round(silenceMs / 1000)} s`)));
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}
