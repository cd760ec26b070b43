/** The proxy of one run: CONNECT and plain HTTP on a Unix socket. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isPublicAddress } from '../../../core/net/address.ts';
import { type EgressTarget, judgeEgress, parseAuthority } from '../../../core/net/egress-rule.ts';
import type { Clock } from '../../../ports/system.ts';
import type { Decisions } from './decisions.ts';

export type Lookup = (host: string) => Promise<{ address: string; family: number }[]>;

export interface SessionOptions {
  socket: string;
  maxBytes: number | null;
  lookup: Lookup;
  /** Tests alone reach servers on loopback. */
  permitPrivate: boolean;
  decisions: Decisions;
  onLimit: (bytes: number) => void;
  /** Canonical names, or null for all; asked for every connection. */
  rules: () => Promise<readonly string[] | null>;
  clock: Clock;
}

export interface ProxySession {
  listening: Promise<void>;
  bytes(): number;
  close(): Promise<void>;
}

/** A request must have come with its headers by then. */
const HEADER_TIMEOUT_MS = 15_000;
/** Neither side has said anything. */
const IDLE_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 20_000;
const MAX_CONNECTIONS = 256;
/** Of RFC 9110 section 7.6.1, and what speaks to the proxy itself: none of it is for the next hop. */
const HOP_BY_HOP = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade http2-settings'.split(
    ' ',
  ),
);

type Vetted = { ok: true; target: EgressTarget; addresses: { address: string; family: number }[] } | { ok: false; reason: string };

/** What is open, how much went through, and whether the limit cut it. */
interface Traffic {
  open: Set<Duplex>;
  total: number;
  cut: boolean;
}

export function proxySession(options: SessionOptions): ProxySession {
  const traffic: Traffic = { open: new Set(), total: 0, cut: false };
  const server = createServer({ maxHeaderSize: 16_384, headersTimeout: HEADER_TIMEOUT_MS, requestTimeout: 0, keepAliveTimeout: 5_000 });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket) => watch(traffic, socket));
  server.on('clientError', (_error, client) => client.destroy());
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    const authority = incoming.url ?? '';
    vet(options, traffic, parseAuthority(authority, null), authority)
      .then((vetted) => {
        if (!vetted.ok) return refuseConnect(client, vetted.reason);
        if (client.destroyed) return;
        joinTunnel(client, reach(options, traffic, vetted), head, options.clock, (bytes) => count(options, traffic, bytes));
      })
      // Fails closed: what could not be judged is not reached.
      .catch(() => refuseConnect(client, 'it could not be judged'));
  });
  server.on('request', (incoming, response) => {
    void forward(options, traffic, incoming, response).catch(() => {
      // The other side broke off: nothing more can be said to it.
      response.destroy();
    });
  });
  return {
    listening: new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.socket, () => resolve());
    }),
    bytes: () => traffic.total,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const stream of traffic.open) stream.destroy();
        server.closeAllConnections();
        options.decisions.flush();
      }),
  };
}

function count(options: SessionOptions, traffic: Traffic, bytes: number): void {
  traffic.total += bytes;
  if (options.maxBytes === null || traffic.total <= options.maxBytes) return;
  // Every time: a connection that was being resolved at the first cut came after it.
  for (const stream of traffic.open) stream.destroy();
  if (!traffic.cut) options.onLimit(traffic.total);
  traffic.cut = true;
}

function watch(traffic: Traffic, socket: Socket): void {
  traffic.open.add(socket);
  socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('close', () => traffic.open.delete(socket));
}

/** Judges name and port, then resolves, then judges every address. */
async function vet(options: SessionOptions, traffic: Traffic, target: EgressTarget | null, text: string): Promise<Vetted> {
  const shown = target ?? { host: printable(text), port: 0 };
  const refuse = (reason: string): Vetted => {
    options.decisions.tell({ host: shown.host, port: shown.port, allowed: false, reason });
    return { ok: false, reason };
  };
  if (target === null) return refuse('not a host name');
  if (traffic.cut) return refuse('the byte limit of this run is reached');
  const verdict = judgeEgress(target, await options.rules());
  if (!verdict.allowed) return refuse(verdict.reason);
  const addresses = await resolved(target, options.lookup);
  if (addresses.length === 0) return refuse('the name has no address');
  const isPublic = addresses.every(({ address }) => isPublicAddress(address));
  if (!options.permitPrivate && !isPublic) return refuse('the name leads to a private address');
  options.decisions.tell({ host: target.host, port: target.port, allowed: true, reason: verdict.reason });
  return { ok: true, target, addresses };
}

function reach(options: SessionOptions, traffic: Traffic, vetted: Vetted & { ok: true }): Socket {
  const { target, addresses } = vetted;
  const upstream = connect({
    host: target.host,
    port: target.port,
    // Resolved once, before: what was looked at is what is connected to.
    lookup: (_host, lookupOptions, done) => {
      const [first] = addresses;
      if (lookupOptions.all) done(null, addresses);
      else done(null, first?.address ?? '', first?.family);
    },
    autoSelectFamily: true,
  });
  watch(traffic, upstream);
  upstream.on('data', (chunk: Buffer) => count(options, traffic, chunk.length));
  upstream.on('close', () => options.decisions.addBytes(target.host, target.port, upstream.bytesWritten, upstream.bytesRead));
  return upstream;
}

async function forward(options: SessionOptions, traffic: Traffic, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = incoming.url ?? '';
  const parts = /^http:\/\/([^/?#]*)([^#]*)/i.exec(address);
  const [, authority = '', path = ''] = parts ?? [];
  const target = parts === null ? null : parseAuthority(authority, 80);
  const vetted = await vet(options, traffic, sameHost(incoming, target) ? target : null, address);
  if (!vetted.ok) return answerRefusal(response, vetted.reason);
  const upstream = reach(options, traffic, vetted);
  const onward = request({
    createConnection: () => upstream,
    method: incoming.method,
    path: path.startsWith('/') ? path : `/${path}`,
    headers: onwardHeaders(incoming),
    setHost: false,
  });
  incoming.on('data', (chunk: Buffer) => count(options, traffic, chunk.length));
  onward.on('error', () => (response.headersSent ? response.destroy() : answerRefusal(response, 'the server cannot be reached', 502)));
  onward.on('response', (answer) => {
    const headers = answer.rawHeaders.filter((_value, index, all) => !HOP_BY_HOP.has((all[index - (index % 2)] ?? '').toLowerCase()));
    response.writeHead(answer.statusCode ?? 502, headers);
    answer.pipe(response);
  });
  response.on('close', () => upstream.destroy());
  incoming.pipe(onward);
}

function joinTunnel(client: Duplex, upstream: Socket, head: Buffer, clock: Clock, count: (bytes: number) => void): void {
  let answered = false;
  const cancel = clock.after(CONNECT_TIMEOUT_MS, () => upstream.destroy());
  upstream.once('connect', () => {
    answered = true;
    cancel();
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    count(head.length);
    if (head.length > 0) upstream.write(head);
    client.on('data', (chunk: Buffer) => count(chunk.length));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  upstream.on('close', () => {
    cancel();
    if (answered) client.end();
    else refuseConnect(client, 'the server cannot be reached', 502);
  });
  client.on('close', () => upstream.destroy());
}

async function resolved(target: EgressTarget, lookup: Lookup): Promise<{ address: string; family: number }[]> {
  if (target.kind === 'address') return [{ address: target.host, family: target.host.includes(':') ? 6 : 4 }];
  try {
    return await lookup(target.host);
  } catch {
    // No such name, or no resolver: the refusal says that there is no address.
    return [];
  }
}

/** The one Host header must name what the request line names, else server and proxy would see different hosts. */
function sameHost(incoming: IncomingMessage, target: EgressTarget | null): boolean {
  const values = incoming.rawHeaders.filter((_value, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'host');
  const [only] = values;
  const host = values.length === 1 && only !== undefined ? parseAuthority(only, 80) : null;
  return target !== null && host !== null && host.host === target.host && host.port === target.port;
}

function onwardHeaders(incoming: IncomingMessage): Record<string, string | string[]> {
  const listed = new Set((incoming.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  const kept: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name) && !listed.has(name)) kept[name] = value;
  }
  return kept;
}

function refuseConnect(client: Duplex, reason: string, status: 403 | 502 = 403): void {
  if (client.destroyed) return;
  const body = `Gluon: ${reason}.\n`;
  client.end(
    `HTTP/1.1 ${status} ${status === 403 ? 'Forbidden' : 'Bad Gateway'}\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function answerRefusal(response: ServerResponse, reason: string, status = 403): void {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`Gluon: ${reason}.\n`);
}

/** What a refused target looked like, safe to store and show. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 200);
}
