/** A gateway between a scripted provider and a client, for tests: everything on loopback, taken away after each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type {
  CallRequest,
  Credential,
  Credentials,
  Gateway,
  GatewayAddress,
  Meter,
  Reservation,
  TokenGrant,
} from '../../../ports/gateway.ts';
import { systemClock } from '../../system/clock.ts';
import { silentLog } from '../../system/log.ts';
import { systemRandom } from '../../system/random.ts';
import { type HttpGatewayOptions, httpGateway } from './http-gateway.ts';

export const CANARY = 'sk-ant-api03-canary-0123456789-never-to-be-seen';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
export function afterTest(clean: () => Promise<void> | void): void {
  cleanups.push(clean);
}

export interface ProviderRequest {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  rawHeaders: string[];
  body: Buffer;
}
export type Script = (request: ProviderRequest, res: ServerResponse, req: IncomingMessage) => void | Promise<void>;

export interface Provider {
  url: string;
  requests: ProviderRequest[];
  script: Script;
}

/** A model provider that answers as the script says. */
export async function scriptedProvider(script: Script): Promise<Provider> {
  const server = http.createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url = '', headers, rawHeaders } = req;
    const request = { method, url, headers, rawHeaders, body: Buffer.concat(chunks) };
    provider.requests.push(request);
    await provider.script(request, res, req);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: Provider = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: [], script };
  afterTest(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return provider;
}

export interface MeterBook extends Meter {
  reserved: { grant: TokenGrant; request: CallRequest }[];
  settled: (Parameters<Meter['settle']>[1] & { callId: string })[];
  held: Parameters<Meter['rateLimited']>[1][];
  decide: () => Reservation | Promise<Reservation> | null;
}

/** A ledger in memory that grants everything unless told otherwise. */
export function memoryMeter(): MeterBook {
  const book: MeterBook = {
    reserved: [],
    settled: [],
    held: [],
    decide: () => null,
    async reserve(grant, request) {
      book.reserved.push({ grant, request });
      return (await book.decide()) ?? { kind: 'granted', callId: `call-${book.reserved.length}` };
    },
    async settle(callId, end) {
      book.settled.push({ callId, ...end });
    },
    rateLimited: (_grant, info) => book.held.push(info),
    seen: () => {},
  };
  return book;
}

export function credentials(baseUrl: string, credential: Partial<Credential> | null = {}): Credentials {
  const current =
    credential === null ? null : { kind: 'api_key' as const, value: CANARY, source: 'test', expiresAtMs: null, ...credential };
  return {
    current: async () => current,
    baseUrl: async () => baseUrl,
    secrets: async () => (current === null ? [] : [current.value]),
  };
}

export function grantFor(over: Partial<TokenGrant> = {}): TokenGrant {
  return { runId: 'run-a', projectId: 'project', attemptId: 'attempt', profile: 'standard', models: null, ...over };
}

export interface Rig {
  provider: Provider;
  meter: MeterBook;
  gateway: Gateway;
  address: GatewayAddress;
  token: string;
}

export async function rig(script: Script, over: Partial<HttpGatewayOptions> = {}): Promise<Rig> {
  const provider = await scriptedProvider(script);
  const meter = memoryMeter();
  const folder = mkdtempSync(join(tmpdir(), 'gluon-gw-'));
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  const gateway = httpGateway({
    socketPath: join(folder, 'gw', 'api.sock'),
    meter,
    credentials: credentials(provider.url),
    clock: systemClock(),
    random: systemRandom(),
    log: silentLog(),
    ...over,
  });
  const address = await gateway.start();
  afterTest(() => gateway.close());
  return { provider, meter, gateway, address, token: gateway.issue(grantFor()) };
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  text: string;
  /** The answer was cut before its end. */
  cut: boolean;
}

export interface Ask {
  token?: string | null;
  method?: string;
  path?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer | null;
  over?: 'socket' | 'tcp';
  onRequest?: (req: http.ClientRequest) => void;
  onChunk?: (chunk: Buffer, res: IncomingMessage) => void;
}

export const MESSAGE = JSON.stringify({
  model: 'claude-sonnet-5',
  max_tokens: 1000,
  stream: true,
  messages: [{ role: 'user', content: 'hello' }],
});

/** Asks the gateway as an agent does. */
export function ask(to: Rig, options: Ask = {}): Promise<Answer> {
  const { token = to.token, method = 'POST', path = '/v1/messages?beta=true', headers = {}, body = MESSAGE, over = 'socket' } = options;
  const place = over === 'socket' ? { socketPath: to.address.socket } : { host: '127.0.0.1', port: to.address.tcpPort };
  const auth = token === null ? {} : { 'x-api-key': token };
  return new Promise((resolve, reject) => {
    const req = http.request({
      ...place,
      method,
      path,
      headers: { 'content-type': 'application/json', ...auth, ...headers },
      agent: false,
    });
    req.on('error', reject);
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        options.onChunk?.(chunk, res);
      });
      const done = (): void => {
        const whole = Buffer.concat(chunks);
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: whole, text: whole.toString('utf8'), cut: !res.complete });
      };
      res.on('close', done);
      res.on('error', () => {});
    });
    options.onRequest?.(req);
    req.end(method === 'GET' ? undefined : body);
  });
}

/** Writes bytes to the gateway as they are and returns all that comes back. */
export function raw(to: Rig, bytes: string | Buffer, over: 'socket' | 'tcp' = 'socket'): Promise<string> {
  return new Promise((resolve) => {
    const socket = over === 'socket' ? net.connect(to.address.socket) : net.connect(to.address.tcpPort, '127.0.0.1');
    let text = '';
    const timer = setTimeout(() => socket.destroy(), 1_500);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(bytes);
  });
}

export interface StreamOptions {
  model?: string;
  input?: number;
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  text?: string[];
  newline?: string;
}

/** The events of an answer, as the provider writes them. */
export function streamOf(options: StreamOptions = {}): string {
  const {
    model = 'claude-sonnet-5',
    input = 500,
    output = 250,
    cacheRead = 0,
    cacheWrite = 0,
    text = ['Grüße 🌍', ' done'],
    newline = '\n',
  } = options;
  const event = (data: { type: string } & Record<string, unknown>): string =>
    `event: ${data.type}${newline}data: ${JSON.stringify(data)}${newline}${newline}`;
  const usage = { input_tokens: input, cache_read_input_tokens: cacheRead, cache_creation_input_tokens: cacheWrite, output_tokens: 1 };
  return [
    event({ type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], usage } }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    event({ type: 'ping' }),
    ...text.map((piece) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } })),
    event({ type: 'content_block_stop', index: 0 }),
    event({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: output } }),
    event({ type: 'message_stop' }),
  ].join('');
}

export function answerStream(res: ServerResponse, text: string = streamOf(), headers: http.OutgoingHttpHeaders = {}): void {
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...headers });
  res.end(text);
}

export function answerJson(res: ServerResponse, status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify(body));
}

export async function until(condition: () => boolean, withinMs = 3_000): Promise<void> {
  const clock = systemClock();
  const endMs = clock.monotonicMs() + withinMs;
  while (!condition()) {
    if (clock.monotonicMs() > endMs) throw new Error('it did not come to that in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
