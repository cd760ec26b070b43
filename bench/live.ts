/**
 * Time from an event of an agent to its arrival at clients over real sockets: 20 runs with 1,000 events per second together, recorded as
 * the product records them (redacted, written to the transcript, published), to ten clients in another thread that watch all runs.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { systemClock } from '../src/adapters/system/clock.ts';
import { silentLog } from '../src/adapters/system/log.ts';
import { transcriptFiles } from '../src/adapters/transcript/files/transcripts.ts';
import { redactor } from '../src/core/text/redaction.ts';
import { recorder } from '../src/services/attempt/record-events.ts';
import type { Deps } from '../src/services/deps.ts';
import { startFixture, TOKEN } from '../test/support/http-server.ts';
import { connectLiveClient } from '../test/support/live-client.ts';
import { type BenchSettings, figure, type Row, spread } from './row.ts';

const EVENTS_PER_SECOND = 1_000;
const SECONDS = 10;
const CLIENTS = 10;
const RUNS = Array.from({ length: 20 }, (_, index) => index.toString(16).padStart(32, '0'));
/** Sentences between the stamps: the redactor has something to read. */
const WORDS = ' The test of the parser fails at the third case, so the table of states is read again.'.repeat(3);

/** Comparable between threads of one process, unlike performance.now(). */
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

async function receive(port: number): Promise<void> {
  const latencies: number[] = [];
  let resyncs = 0;
  for (let n = 0; n < CLIENTS; n += 1) {
    const client = await connectLiveClient(port, TOKEN);
    client.socket.on('message', (data) => {
      const arrived = nowMs();
      for (const message of JSON.parse(data.toString())) {
        if (message.type === 'message' && message.data.type === 'text') latencies.push(arrived - Number.parseFloat(message.data.text));
        if (message.type === 'resync') resyncs += 1;
      }
    });
    client.send({ type: 'subscribe', topics: RUNS.map((id) => `run:${id}`) });
    await client.until((messages) => messages.length > 0);
  }
  parentPort?.postMessage('ready');
  parentPort?.once('message', () => {
    parentPort?.postMessage({ latencies, resyncs });
    parentPort?.close();
  });
}

export async function live({ quick }: BenchSettings): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gluon-bench-'));
  const fixture = await startFixture();
  const transcripts = transcriptFiles({ logFolder: (id) => join(folder, id), clock: systemClock() });
  // The recorder touches nothing else for events of text.
  const deps = { transcripts, bus: fixture.bus, log: silentLog(), clock: systemClock() } as unknown as Omit<Deps, 'wake'>;
  const recorders = RUNS.map((id) => recorder(deps, id, 1, redactor(['sk-bench-0123456789abcdef'])));
  const worker = new Worker(new URL(import.meta.url), { workerData: { port: fixture.port } });
  await once(worker, 'message');
  const total = EVENTS_PER_SECOND * (quick ? 2 : SECONDS);
  const startMs = nowMs();
  const written: Promise<void>[] = [];
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((nowMs() - startMs) * EVENTS_PER_SECOND) / 1_000));
    for (; sent < due; sent += 1) {
      const one = recorders[sent % recorders.length]?.event({ type: 'text', text: `${nowMs()}${WORDS}`, parent: null });
      if (one !== undefined) written.push(one);
    }
    await pause(1);
  }
  await Promise.all(written);
  await pause(500);
  worker.postMessage('stop');
  const [{ latencies, resyncs }] = (await once(worker, 'message')) as [{ latencies: number[]; resyncs: number }];
  await worker.terminate();
  await fixture.close();
  await transcripts.close();
  await rm(folder, { recursive: true, force: true });
  return [
    ...spread(
      'agent event to client',
      'ms',
      latencies,
      { p99: 50 },
      '1,000 events/s of 20 runs to 10 clients; messages are batched for 25 ms',
    ),
    figure(
      'events that did not arrive',
      total * CLIENTS - latencies.length,
      '',
      total * CLIENTS,
      { most: 0 },
      `${resyncs} clients were told to read again`,
    ),
  ];
}

if (!isMainThread && typeof workerData?.port === 'number') await receive(workerData.port);
