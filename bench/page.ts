/**
 * The page in Debian's Chromium against the real server: first paint of a board with 1,000 runs, what it loads, scrolling a transcript of
 * 100,000 records, memory after many events, and the time from an event of an agent to what a person sees.
 */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage } from '../test/browser/support/browser.ts';
import { type Seeded, seedHome } from '../test/browser/support/seed.ts';
import { manyRecords } from '../test/browser/support/seed-transcript.ts';
import { type Gluon, startGluon, temporaryFolder } from '../test/support/gluon.ts';
import { submit } from '../test/support/runs.ts';
import { type BenchSettings, figure, median, quantile, type Row } from './row.ts';

const PAGE_FILES = fileURLToPath(new URL('../dist/web', import.meta.url));
/** Scripts of the browser are text here: the types of a browser are not those of this program. */
const NOTE_LONG_TASKS = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push({ end: startTime + duration, ms: duration });
  }).observe({ type: 'longtask', buffered: true });`;
/** Notes the first frame behind the change that brought each mark. */
const WATCH_MARKS = `
  globalThis.marks = new Map();
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      for (const [mark] of (target.textContent ?? '').matchAll(/mark-\\d+-\\d+-/g)) {
        if (marks.has(mark)) continue;
        marks.set(mark, NaN);
        requestAnimationFrame(() => marks.set(mark, Date.now()));
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });`;
const SHOWN = 'Show and revoke active sessions';

export async function page({ quick }: BenchSettings): Promise<Row[]> {
  const home = await temporaryFolder('bench-page');
  const records = quick ? 5_000 : 100_000;
  const seeded = await seedHome(home, { moreRuns: 1_000, moreRecords: manyRecords(records) });
  const gluon = await startGluon({ home, config: 'max_concurrent_runs: 20\n' });
  const browser = await openBrowser();
  try {
    return [
      ...(await firstPaint(browser, gluon, quick ? 3 : 11)),
      await initialScript(browser, gluon),
      await scrolling(browser, gluon, seeded, records, quick ? 40 : 200),
      ...(await streaming(browser, gluon, seeded, quick ? 5 : 20)),
      ...(await memory(browser, gluon, seeded, quick ? 2_000 : 180_000)),
    ];
  } finally {
    await browser.close();
    await gluon.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** A browser that has nothing in its cache, signed in. Interactive: a card is there, and the last long task is over. */
async function firstPaint(browser: Browser, gluon: Gluon, rounds: number): Promise<Row[]> {
  const paints: number[] = [];
  const interactive: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { page: tab, context } = await openPage(browser, gluon, '/usage');
    const devtools = await context.newCDPSession(tab);
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    await tab.addInitScript(NOTE_LONG_TASKS);
    await tab.goto(gluon.address, { waitUntil: 'commit' });
    await tab.getByRole('listitem').first().waitFor();
    const cardMs: number = await tab.evaluate('performance.now()');
    await tab.waitForTimeout(1_000);
    const seen: { paint: number; quiet: number } = await tab.evaluate(
      `({ paint: performance.getEntriesByName('first-contentful-paint')[0].startTime, quiet: Math.max(0, ...longTasks.map(({ end }) => end)) })`,
    );
    paints.push(seen.paint);
    interactive.push(Math.max(cardMs, seen.quiet));
    await context.close();
  }
  return [
    figure('first contentful paint, board of 1,000 runs', median(paints), 'ms', rounds, { most: 1_000 }, 'cold cache, server included'),
    figure('interactive, board of 1,000 runs', median(interactive), 'ms', rounds, { most: 1_000 }, 'first card there, last long task over'),
  ];
}

/** As it travels: what the server keeps compressed beside each file. */
async function initialScript(browser: Browser, gluon: Gluon): Promise<Row> {
  const { page: tab, context } = await openPage(browser, gluon, '/', { signedOut: true });
  const { url } = await gluon.call('auth.login_link', {});
  const asked = new Set<string>();
  tab.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    if (path.endsWith('.js') && path !== '/service-worker.js') asked.add(path);
  });
  await tab.goto(url);
  await tab.reload();
  await tab.getByRole('listitem').first().waitFor();
  const scripts = [...asked].filter((path) => path.startsWith('/assets/'));
  const sizes = await Promise.all(scripts.map((path) => gzipBytes(path)));
  await context.close();
  return figure('JavaScript before the board is there', sizes.reduce((sum, size) => sum + size, 0) / 1000, 'kB gzip', scripts.length, {
    most: 200,
  });
}

async function gzipBytes(path: string): Promise<number> {
  const whole = join(PAGE_FILES, path);
  // Files that are too small to be compressed travel as they are.
  return (await stat(`${whole}.gz`).catch(() => stat(whole))).size;
}

/** From the end to the beginning and back, by the wheel. */
async function scrolling(browser: Browser, gluon: Gluon, { runs }: Seeded, records: number, turns: number): Promise<Row> {
  const { page: tab, context } = await openPage(browser, gluon, `/runs/${runs[SHOWN]}?tab=messages`);
  const list = tab.getByRole('region', { name: 'Transcript' });
  await list.waitFor();
  await tab.waitForTimeout(1_000);
  await tab.evaluate(NOTE_LONG_TASKS);
  await list.hover();
  for (let turn = 0; turn < turns; turn += 1) {
    await tab.mouse.wheel(0, turn < turns / 2 ? -2_000 : 2_000);
    await tab.waitForTimeout(30);
  }
  const tasks: number[] = await tab.evaluate('longTasks.map(({ ms }) => ms)');
  await context.close();
  return figure(
    `longest task while scrolling ${records.toLocaleString('en')} records`,
    Math.max(0, ...tasks),
    'ms',
    turns,
    { most: 100 },
    `${tasks.length} tasks of more than 50 ms`,
  );
}

const RUNNING = 12;

/** Twelve runs talk ten times a second each; the page shows one of them and hears of all. */
async function streaming(browser: Browser, gluon: Gluon, seeded: Seeded, seconds: number): Promise<Row[]> {
  const project = seeded.projects[0]?.name ?? '';
  const lines = (of: number): string =>
    Array.from({ length: seconds * 10 }, (_, index) => `say mark-${of}-${index}-\nsleep 0.1`).join('\n');
  const runs = await Promise.all(
    Array.from({ length: RUNNING }, (_, index) => submit(gluon, project, `sleep 8\n${lines(index)}`, { title: `Stream ${index}` })),
  );
  const [first] = runs;
  if (first === undefined) throw new Error('no run');
  const { page: tab, context } = await openPage(browser, gluon, `/runs/${first.id}?tab=messages`);
  await tab.evaluate(WATCH_MARKS);
  for (const run of runs) await gluon.until(run.id, ({ status }) => status === 'review', 'the stream has ended', 120_000);
  await tab.waitForTimeout(1_000);
  const seen = new Map(await tab.evaluate<[string, number][]>('[...marks]'));
  await context.close();
  const latencies: number[] = [];
  for (let after = 0; ; ) {
    const window = await gluon.call('runs.messages', { run: first.id, after, limit: 500 });
    for (const record of window.items) {
      const shownMs = record.type === 'text' ? seen.get(String(record.text).trim()) : undefined;
      if (shownMs !== undefined) latencies.push(shownMs - Date.parse(record.at));
    }
    if (window.next_after === null) break;
    after = window.next_after;
  }
  return [
    figure(
      'event to pixel, p95',
      quantile(latencies, 0.95),
      'ms',
      latencies.length,
      { most: 150 },
      `${RUNNING} runs with 10 events/s each`,
    ),
    figure('event to pixel, median', median(latencies), 'ms', latencies.length),
  ];
}

/** As many events as an hour at 50 a second brings, as fast as the product records them, to a page that shows one of the runs. */
async function memory(browser: Browser, gluon: Gluon, seeded: Seeded, events: number): Promise<Row[]> {
  const project = seeded.projects[1]?.name ?? '';
  const perRun = Math.ceil(events / RUNNING);
  const script = `sleep 5\n${'say one more line of the work\n'.repeat(perRun)}`;
  const runs = await Promise.all(Array.from({ length: RUNNING }, () => submit(gluon, project, script, { title: 'Memory' })));
  const { page: tab, context } = await openPage(browser, gluon, `/runs/${runs[0]?.id}?tab=messages`);
  const devtools = await context.newCDPSession(tab);
  const before = await heapMb(devtools);
  for (const run of runs) await gluon.until(run.id, ({ status }) => status === 'review', 'all is said', 900_000);
  await tab.waitForTimeout(2_000);
  const after = await heapMb(devtools);
  await context.close();
  return [
    figure('heap of the page before', before, 'MB', 1),
    figure(
      `heap of the page after ${events.toLocaleString('en')} events`,
      after,
      'MB',
      1,
      { most: 150 },
      'an hour at 50 events/s, as fast as they come; one run shown',
    ),
  ];
}

async function heapMb(devtools: Awaited<ReturnType<Awaited<ReturnType<typeof openPage>>['context']['newCDPSession']>>): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}
