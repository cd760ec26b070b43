/**
 * Reading and writing in a home with a long history: the store alone and whole HTTP requests to a real server, at three lengths of the
 * history. What is promised is that nothing grows with it.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { callRow } from '../src/adapters/store/sqlite/rows.fixture.ts';
import type { Store } from '../src/ports/store.ts';
import { type Gluon, startGluon } from '../test/support/gluon.ts';
import { fillHistory, openStore } from './history.ts';
import { type BenchSettings, figure, median, type Row, spread, timed, timedEach } from './row.ts';

const LENGTHS = [1_000, 10_000, 100_000];
const QUICK_LENGTHS = [1_000, 5_000];
/** A figure of half a millisecond wavers by this much by itself. */
const MAY_GROW = 1.5;
/** Promised for the reads behind lists, activity and usage; the others are shown beside them. */
const PROMISED = /first page|next page|activity|usage|request: runs/;
const PAGE = 50;

/** One list of samples for each length of the history. */
type Series = Map<string, number[][]>;

export async function lists({ quick }: BenchSettings): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gluon-bench-'));
  const lengths = quick ? QUICK_LENGTHS : LENGTHS;
  const homes = lengths.map((length) => join(folder, `home-${length}`));
  const times = quick ? 20 : 200;
  const gluons: Gluon[] = [];
  try {
    for (const home of homes) await mkdir(home);
    const stores = await Promise.all(homes.map(openStore));
    for (const [index, length] of lengths.entries()) await fillHistory(at(stores, index), 0, length);
    const fromStore = await inTurns(await Promise.all(stores.map(storeReads)), times);
    const writes = await writeStore(at(stores, lengths.length - 1), times);
    for (const store of stores) await store.close();
    for (const home of homes) gluons.push(await startGluon({ home }));
    const fromServer = await inTurns(gluons.map(requests), times);
    const rate = await perSecond(at(gluons, lengths.length - 1), quick ? 1 : 5);
    return [...rows(lengths, new Map([...fromStore, ...fromServer])), ...writes, rate];
  } finally {
    for (const gluon of gluons) await gluon.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index];
  if (one === undefined) throw new Error(`there is no number ${index}`);
  return one;
}

type Work = Record<string, () => Promise<unknown>>;

/** Every length once in each round, so that a slow moment of the machine is not taken for growth. */
async function inTurns(works: readonly Work[], times: number): Promise<Series> {
  const series: Series = new Map();
  for (const name of Object.keys(at(works, 0))) {
    const taken: number[][] = works.map(() => []);
    for (let round = -5; round < times; round += 1) {
      for (const [index, work] of works.entries()) {
        const ms = await timed(async () => work[name]?.());
        if (round >= 0) taken[index]?.push(ms);
      }
    }
    series.set(name, taken);
  }
  return series;
}

async function storeReads(store: Store): Promise<Work> {
  const project_id = (await store.projects())[0]?.id;
  const next = async () => (await store.listRuns({}, PAGE)).next_cursor ?? undefined;
  let cursor: string | undefined;
  return {
    'store: runs, first page': () => store.listRuns({}, PAGE),
    'store: runs, next page': async () => {
      cursor ??= await next();
      return store.listRuns({}, PAGE, cursor);
    },
    'store: runs of a project in two states': () => store.listRuns({ project_id, statuses: ['failed', 'review'], archived: false }, PAGE),
    'store: runs by a rare word': () => store.listRuns({ search: 'run 424' }, PAGE),
    'store: activity': () => store.activity({}, PAGE),
    'store: usage in all': () => store.usageTotals({}),
    'store: usage of a week': () => store.usageTotals({ since: '2026-02-01T10:00:00Z', until: '2026-02-08T10:00:00Z' }),
  };
}

/** Durable transactions such as a model call makes. */
async function writeStore(store: Store, times: number): Promise<Row[]> {
  const [last] = (await store.listRuns({}, 1)).items;
  if (last === undefined) throw new Error('the history is empty');
  const usage = { cost_usd: 0, input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0, model_calls: 1 };
  const reserve = await timedEach(times * 2, () =>
    store.transaction(async (tx) => {
      await tx.insertModelCall(callRow(last, { state: 'reserved', cost_usd: null }));
      await tx.addUsage(last.id, { ...usage, reserved_usd: 0.1 });
    }),
  );
  return spread(
    'store: one durable transaction',
    'ms',
    reserve,
    { median: 2 },
    'a reservation for a model call, after the longest history',
  );
}

function requests(gluon: Gluon): Work {
  return {
    'request: runs': () => gluon.call('runs.list', { limit: PAGE }),
    'request: activity': () => gluon.call('activity.list', { limit: PAGE }),
    'request: usage summary': () => gluon.call('usage.summary', {}),
  };
}

async function perSecond(gluon: Gluon, seconds: number): Promise<Row> {
  const headers = { authorization: `Bearer ${gluon.token}` };
  const result = await autocannon({
    url: `${gluon.address}/api/runs?limit=${PAGE}`,
    connections: 10,
    duration: seconds,
    workers: 1,
    headers,
  });
  const note = result.non2xx > 0 ? `${result.non2xx} were refused` : `10 connections, p99 ${result.latency.p99} ms`;
  return figure(
    'request: runs, per second',
    result.requests.average,
    '/s',
    Math.round(result.requests.average * seconds),
    { least: 1_000 },
    note,
  );
}

function rows(lengths: readonly number[], series: Series): Row[] {
  return [...series].flatMap(([name, taken]) => {
    const medians = taken.map(median);
    const samples = at(taken, 0).length;
    const growth = at(medians, medians.length - 1) / at(medians, 0);
    const note = `from ${lengths[0]} to ${lengths.at(-1)} runs, in turns`;
    return [
      ...lengths.map((length, index) => figure(`${name}, of ${length}`, at(medians, index), 'ms', samples)),
      figure(`${name}, growth`, growth, '×', samples, PROMISED.test(name) ? { most: MAY_GROW } : null, note),
    ];
  });
}
