/** What a server costs that has nothing to do: memory, processor time, and whether its database grows. Linux only: it reads /proc. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startGluon } from '../test/support/gluon.ts';
import { fillHistory, openStore } from './history.ts';
import { type BenchSettings, figure, type Row } from './row.ts';

const SECONDS = 60;
const RUNS = 10_000;
/** Kernel ticks per second, as /proc counts them on every common system. */
const TICKS = 100;

export async function idle({ quick }: BenchSettings): Promise<Row[]> {
  const long = await mkdtemp(join(tmpdir(), 'gluon-bench-'));
  try {
    const store = await openStore(long);
    await fillHistory(store, 0, quick ? 1_000 : RUNS);
    await store.close();
    const seconds = quick ? 10 : SECONDS;
    return [...(await watched('empty home', undefined, seconds)), ...(await watched('long history', long, seconds))];
  } finally {
    await rm(long, { recursive: true, force: true });
  }
}

async function watched(what: string, home: string | undefined, seconds: number): Promise<Row[]> {
  const gluon = await startGluon(home === undefined ? {} : { home });
  try {
    await gluon.call('runs.list', { limit: 50 });
    // What the start left to do is done by then.
    await pause(3_000);
    const pid = gluon.server.pid ?? 0;
    const before = { ticks: await ticksOf(pid), bytes: await databaseBytes(gluon.home) };
    await pause(seconds * 1_000);
    const after = { ticks: await ticksOf(pid), bytes: await databaseBytes(gluon.home) };
    const share = ((after.ticks - before.ticks) / TICKS / seconds) * 100;
    return [
      figure(`idle memory, ${what}`, (await residentBytes(pid)) / 1e6, 'MB', 1, { most: 150 }, 'resident, the Node binary itself included'),
      figure(`idle processor time, ${what}`, share, '%', seconds, { most: 0.5 }, `of one core, over ${seconds} s`),
      figure(`growth of database and log while idle, ${what}`, after.bytes - before.bytes, 'bytes', seconds, { most: 0 }),
    ];
  } finally {
    await gluon.stop();
  }
}

/** Fields 14 and 15 of /proc/PID/stat: user and system time; the name before them may hold spaces. */
async function ticksOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function residentBytes(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

async function databaseBytes(home: string): Promise<number> {
  const sizes = await Promise.all(['gluon.db', 'gluon.db-wal'].map((name) => stat(join(home, name)).then((facts) => facts.size)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
