/**
 * What the gateway costs: the same requests direct and through it, in pairs.
 * Provider, gateway (with the real ledger on SQLite) and client are threads of their own, all on loopback.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { httpGateway } from '../src/adapters/gateway/http/http-gateway.ts';
import { openSqliteStore } from '../src/adapters/store/sqlite/open.ts';
import { attemptRow, projectRow, runRow } from '../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { silentLog } from '../src/adapters/system/log.ts';
import { systemRandom } from '../src/adapters/system/random.ts';
import type { Meter, TokenGrant } from '../src/ports/gateway.ts';
import { meterModelCalls } from '../src/services/meter-model-calls.ts';
import { type BenchSettings, figure, median, type Row, spread } from './row.ts';

interface Place {
  host?: string;
  port?: number;
  socketPath?: string;
  token: string;
}

/** The first request of an agent has about this size. */
const BODY_BYTES = 60_000;
const LONG_STREAM_BYTES = 256 * 1024 * 1024;
const WARM_UP = 50;
const CONCURRENCY = 32;
/** Between two calls of one agent there is always a tool or a thought; far more than this. */
const PAUSE_MS = 20;

function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
const HEAD = event({
  type: 'message_start',
  message: { model: 'claude-sonnet-5', usage: { input_tokens: 500, output_tokens: 1 } },
});
const DELTA = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a few words of an answer ' } });
const TAIL =
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 250 } }) + event({ type: 'message_stop' });
const SHORT = HEAD + DELTA.repeat(30) + TAIL;

/** A provider that answers at once; the size of the answer stands in the request's `x-client-bytes`. */
function provide(): void {
  const piece = Buffer.from(DELTA.repeat(400));
  const server = http.createServer((req, res) => {
    req.resume();
    req.on('end', () => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      let left = Number(req.headers['x-client-bytes'] ?? 0);
      if (left === 0) return void res.end(SHORT);
      res.write(HEAD);
      const more = (): void => {
        while (left > 0) {
          left -= piece.length;
          if (!res.write(piece)) return void res.once('drain', more);
        }
        res.end(TAIL);
      };
      more();
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

function memoryLedger(): Meter {
  let calls = 0;
  return {
    reserve: async () => {
      calls += 1;
      return { kind: 'granted', callId: String(calls) };
    },
    settle: async () => {},
    rateLimited: () => {},
    seen: () => {},
  };
}

async function sqliteLedger(path: string, grant: TokenGrant): Promise<Meter> {
  const clock = systemClock();
  const store = await openSqliteStore({ path, clock, log: silentLog() });
  await store.transaction(async (tx) => {
    await tx.insertProject(projectRow({ id: grant.projectId }));
    await tx.insertRun(
      runRow(grant.projectId, { id: grant.runId, status: 'running', epoch: 1, cost_usd: 0, reserved_usd: 0, max_cost_usd: 1e6 }),
    );
    await tx.insertAttempt(attemptRow(grant.runId, { id: grant.attemptId, epoch: 1 }));
  });
  return meterModelCalls({
    store,
    bus: { publish: () => {}, subscribe: () => () => {} },
    redact: (text) => text,
    settings: { get: (() => ({})) as never },
    clock,
    random: systemRandom(),
    log: silentLog(),
    onSeen: () => {},
    onRateLimited: () => {},
  });
}

/** Two gateways: one with a ledger in memory, one with the real one. */
async function gate(baseUrl: string, folder: string): Promise<void> {
  const grant = { runId: 'a'.repeat(32), projectId: 'b'.repeat(32), attemptId: 'c'.repeat(32), profile: 'standard', models: null };
  const ledgers = { memory: memoryLedger(), sqlite: await sqliteLedger(join(folder, 'gluon.db'), grant) };
  const places: Record<string, Place> = {};
  for (const [name, meter] of Object.entries(ledgers)) {
    const gateway = httpGateway({
      socketPath: join(folder, name, 's'),
      meter,
      credentials: {
        current: async () => ({ kind: 'api_key', value: 'sk-ant-bench-0123456789', source: 'bench', expiresAtMs: null }),
        baseUrl: async () => baseUrl,
        secrets: async () => [],
      },
      clock: systemClock(),
      random: systemRandom(),
      log: silentLog(),
    });
    const { socket } = await gateway.start();
    places[name] = { socketPath: socket, token: gateway.issue(grant) };
  }
  parentPort?.postMessage(places);
}

const agent = new http.Agent({ keepAlive: true });
const body = Buffer.from(
  JSON.stringify({
    model: 'claude-sonnet-5',
    max_tokens: 1000,
    stream: true,
    messages: [{ role: 'user', content: 'x'.repeat(BODY_BYTES) }],
  }),
);

/** Milliseconds to the first byte of the answer's body, and how long and large the whole was. */
function ask(place: Place, bytes = 0): Promise<{ firstMs: number; totalMs: number; bytes: number }> {
  const { token, ...where } = place;
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'x-api-key': token,
      'content-length': body.length,
      'x-client-bytes': String(bytes),
    };
    const fromMs = performance.now();
    let firstMs = 0;
    let received = 0;
    const req = http.request({ ...where, agent, method: 'POST', path: '/v1/messages', headers });
    req.on('error', reject);
    req.on('response', (res) => {
      res.on('data', (chunk: Buffer) => {
        if (received === 0) firstMs = performance.now() - fromMs;
        received += chunk.length;
      });
      res.on('end', () => {
        if (res.statusCode === 200) resolve({ firstMs, totalMs: performance.now() - fromMs, bytes: received });
        else reject(new Error(`status ${res.statusCode}`));
      });
    });
    req.end(body);
  });
}

async function firstByte(
  ledger: string,
  direct: Place,
  via: Place,
  seconds: number,
  targets: { median?: number; p99?: number },
): Promise<Row[]> {
  for (let i = 0; i < WARM_UP; i += 1) await Promise.all([await ask(direct), await ask(via)]);
  const directs: number[] = [];
  const added: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  while (performance.now() < endMs) {
    const one = (await ask(direct)).firstMs;
    directs.push(one);
    added.push((await ask(via)).firstMs - one);
    await pause(PAUSE_MS);
  }
  return [
    figure(`first byte without gateway (${ledger})`, median(directs), 'ms', directs.length),
    ...spread(`first byte, added by the gateway (${ledger})`, 'ms', added, targets),
  ];
}

async function longStream(direct: Place, via: Place): Promise<Row[]> {
  const speed = (answer: { bytes: number; totalMs: number }): number => answer.bytes / 1e6 / (answer.totalMs / 1_000);
  await ask(via, LONG_STREAM_BYTES / 8);
  const plain = speed(await ask(direct, LONG_STREAM_BYTES));
  const before = process.memoryUsage().rss;
  let highest = before;
  const timer = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 20);
  const through = speed(await ask(via, LONG_STREAM_BYTES));
  clearInterval(timer);
  const size = `one stream of ${Math.round(LONG_STREAM_BYTES / 1e6)} MB`;
  return [
    figure('stream without gateway', plain, 'MB/s', 1, null, size),
    figure('stream through the gateway', through, 'MB/s', 1, null, size),
    figure('memory that the stream added', (highest - before) / 1e6, 'MB', 1, null, 'of provider, gateway and client together'),
  ];
}

async function atOnce(direct: Place, via: Place, seconds: number): Promise<Row[]> {
  const plain = await rate(direct, seconds);
  const through = await rate(via, seconds);
  const note = `${CONCURRENCY} at a time`;
  return [
    figure('requests without gateway', plain, '/s', Math.round(plain * seconds), null, note),
    figure('requests through the gateway', through, '/s', Math.round(through * seconds), null, `${note}, ledger on disk`),
  ];
}

async function rate(place: Place, seconds: number): Promise<number> {
  let done = 0;
  const endMs = performance.now() + seconds * 1_000;
  const one = async (): Promise<void> => {
    while (performance.now() < endMs) {
      await ask(place);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, one));
  return done / seconds;
}

function started<T>(role: string, data: object): Promise<{ worker: Worker; told: T }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { role, ...data } });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (told: T) => resolve({ worker, told }));
  });
}

/** First byte, long stream and requests at once. */
export async function gateway({ quick }: BenchSettings): Promise<Row[]> {
  const seconds = quick ? 1 : 20;
  const folder = mkdtempSync(join(tmpdir(), 'gluon-bench-'));
  const provider = await started<number>('provider', {});
  const direct: Place = { host: '127.0.0.1', port: provider.told, token: 'none' };
  const gate = await started<Record<'memory' | 'sqlite', Place>>('gateway', { baseUrl: `http://127.0.0.1:${provider.told}`, folder });
  const { memory, sqlite } = gate.told;
  try {
    return [
      ...(await firstByte('ledger on disk', direct, sqlite, seconds, { median: 1, p99: 5 })),
      ...(await firstByte('ledger in memory', direct, memory, seconds, {})),
      ...(await longStream(direct, sqlite)),
      ...(await atOnce(direct, sqlite, Math.min(seconds, 5))),
    ];
  } finally {
    agent.destroy();
    await Promise.all([provider.worker.terminate(), gate.worker.terminate()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const role = isMainThread ? null : (workerData as { role: string; baseUrl: string; folder: string });
if (role?.role === 'provider') provide();
if (role?.role === 'gateway') await gate(role.baseUrl, role.folder);
