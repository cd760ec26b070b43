/** The scripted model server: the Anthropic Messages API on loopback, with scripts in place of a model. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventsOf, messageOf, usageOf } from './answer.ts';
import { positionOf } from './conversation.ts';
import { type Ledger, newLedger, type ServedRequest } from './ledger.ts';
import { blocksOf, type MessagesRequest, parseRequest } from './request.ts';
import { chooseOutcome, newTries } from './script.ts';
import { sendEvents } from './send-answer.ts';
import { type Answer, type Failure, isFailure, isHang, type Scenarios } from './types.ts';

export interface ScriptedModelOptions {
  /** 0 or omitted: any free port. */
  port?: number;
  /** Also listens on this Unix socket. */
  socketPath?: string;
  /** Beside the library (`scenarios/`), and before it when names agree. */
  scenarios?: Scenarios;
  /** Keeps the bodies of requests in the ledger. */
  keepBodies?: boolean;
  /** Answers 401 to requests whose credential it refuses. */
  accepts?: (credential: ServedRequest['credential']) => boolean;
  /** Added to answers that a script gives no pace, so that a demonstration can be watched. */
  chunkDelayMs?: number;
}

export interface ScriptedModel {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ServedRequest[];
  totals: Ledger['totals'];
  close(): Promise<void>;
}

/** Bodies beyond this are refused: a client that sends more is broken. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const LOOPBACK = '127.0.0.1';

/** Listens on loopback only. Keeps no state but its ledger and a count of tries, so any number of agents can use it at once. */
export async function startScriptedModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const ledger = newLedger();
  const tries = newTries();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response, options, ledger, tries).catch((error: unknown) => {
      // A script that throws is a fault of its author: shown to the client, where the author will look.
      if (response.headersSent) response.destroy();
      else sendFailure(response, { status: 500, errorType: 'api_error', message: `the script failed: ${String(error)}` });
    });
  };
  const main = await listen(createServer(handle), { port: options.port ?? 0, host: LOOPBACK });
  const servers = [main];
  if (options.socketPath !== undefined) servers.push(await listen(createServer(handle), { path: options.socketPath }));
  const { port } = main.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    port,
    requests: ledger.requests,
    totals: ledger.totals,
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
}

function listen(server: Server, where: { port: number; host: string } | { path: string }): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => resolve(server));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: ScriptedModelOptions,
  ledger: Ledger,
  tries: ReturnType<typeof newTries>,
): Promise<void> {
  const body = await readBody(request);
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const entry = ledger.add(emptyEntry(request, path, body));
  if (options.accepts !== undefined && !options.accepts(entry.credential)) {
    return refuse(response, entry, { status: 401, errorType: 'authentication_error', message: 'invalid x-api-key' });
  }
  if (request.method === 'GET' || request.method === 'HEAD') return sendJson(response, entry, 200, { data: [], has_more: false });
  if (request.method !== 'POST' || !path.startsWith('/v1/messages')) {
    return refuse(response, entry, { status: 404, errorType: 'not_found_error', message: `no such address: ${path}` });
  }
  const parsed = parseRequest(body);
  if (!parsed.ok) return refuse(response, entry, { status: 400, errorType: 'invalid_request_error', message: parsed.why });
  describe(entry, parsed.request, options.keepBodies === true);
  if (path.endsWith('/count_tokens')) return sendJson(response, entry, 200, { input_tokens: Math.ceil(body.length / 4) });

  const position = positionOf(parsed.request);
  entry.scenario = position.scenario;
  entry.step = position.step;
  entry.attempt = tries.count(`${entry.sessionId ?? ''}/${position.markerIndex}/${position.scenario}/${position.step}`);
  const outcome = chooseOutcome({ ...position, attempt: entry.attempt, headers: entry.headers }, options.scenarios ?? {});
  if (isHang(outcome)) {
    entry.end = 'hung';
    return;
  }
  if (outcome.delayMs !== undefined) await sleep(outcome.delayMs);
  if (isFailure(outcome)) return refuse(response, entry, outcome);
  await answer(response, entry, parsed.request, { chunkDelayMs: options.chunkDelayMs, ...outcome }, body.length);
}

async function answer(
  response: ServerResponse,
  entry: ServedRequest,
  request: MessagesRequest,
  chosen: Answer,
  chars: number,
): Promise<void> {
  const usage = usageOf(chosen, chars);
  const ids = {
    message: `msg_scripted_${entry.number}`,
    toolUse: (index: number) => `toolu_scripted_${entry.number}_${index}_${uniquePart()}`,
  };
  entry.usage = usage;
  if (request.stream !== true && chosen.damage !== undefined && 'after' in chosen.damage) {
    // Without a stream there is no middle: a connection that breaks, breaks before the answer.
    entry.end = chosen.damage.kind === 'stall' ? 'hung' : 'damaged';
    if (chosen.damage.kind !== 'stall') response.destroy();
    return;
  }
  if (request.stream !== true) return sendJson(response, entry, 200, messageOf(chosen, request.model, usage, ids), chosen.headers);
  entry.status = 200;
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': `req_scripted_${entry.number}`,
    ...chosen.headers,
  });
  entry.end = await sendEvents(response, chosen, eventsOf(chosen, request.model, usage, ids));
}

/** Two servers, or one that was restarted, must not give out the same id in one conversation. */
function uniquePart(): string {
  return crypto.randomUUID().slice(0, 8);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the request body is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function emptyEntry(request: IncomingMessage, path: string, body: string): Omit<ServedRequest, 'number'> {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const credential = (['x-api-key', 'authorization'] as const).find((name) => headers[name] !== undefined);
  return {
    method: request.method ?? '',
    path,
    sessionId: headers['x-claude-code-session-id'] ?? null,
    credential: credential === undefined ? { header: 'none', value: '' } : { header: credential, value: headers[credential] ?? '' },
    headers,
    model: null,
    scenario: null,
    step: null,
    attempt: 1,
    bodyBytes: Buffer.byteLength(body),
    messages: 0,
    images: 0,
    tools: [],
    effort: null,
    thinking: null,
    body: null,
    status: null,
    usage: null,
    end: 'open',
  };
}

function describe(entry: ServedRequest, request: MessagesRequest, keepBody: boolean): void {
  entry.model = request.model;
  entry.messages = request.messages.length;
  entry.images = request.messages.reduce(
    (sum, message) => sum + blocksOf(message.content).filter((block) => block.type === 'image').length,
    0,
  );
  entry.tools = (request.tools ?? []).map((tool) => tool.name);
  entry.effort = request.output_config?.effort ?? null;
  entry.thinking = request.thinking ?? null;
  if (keepBody) entry.body = request;
}

function refuse(response: ServerResponse, entry: ServedRequest, failure: Failure): void {
  entry.status = failure.status;
  entry.end = 'refused';
  sendFailure(response, failure);
}

function sendFailure(response: ServerResponse, failure: Failure): void {
  response.writeHead(failure.status, { 'content-type': 'application/json', ...failure.headers });
  response.end(JSON.stringify({ type: 'error', error: { type: failure.errorType, message: failure.message } }));
}

function sendJson(
  response: ServerResponse,
  entry: ServedRequest,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  entry.status = status;
  entry.end = 'served';
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
