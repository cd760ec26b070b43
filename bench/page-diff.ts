/** A change of 20,000 lines in the page: how soon something is to be read, and whether the page ever freezes. */
import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from '../test/browser/support/browser.ts';
import { type SeededChange, seedChange } from '../test/browser/support/seed-change.ts';
import { type Gluon, startGluon, temporaryFolder } from '../test/support/gluon.ts';
import { writeFiles } from '../test/support/repository.ts';
import { type BenchSettings, figure, median, type Row } from './row.ts';

const FILES = 40;
const LINES = 500;
const TASK_TARGET = { most: 100 };
/** Text for the browser: the types of a browser are not those of this program. */
const NOTE_LONG_TASKS = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });`;

export async function pageDiff({ quick }: BenchSettings): Promise<Row[]> {
  const home = await temporaryFolder('bench-diff');
  const change = await seedChange(home, 'Twenty thousand lines', before(), (repository) => writeFiles(repository, after()));
  const gluon = await startGluon({ home });
  const browser = await openBrowser();
  try {
    const rows: Row[] = [];
    for (const layout of ['split', 'unified'] as const) rows.push(...(await measured(browser, gluon, change, layout, quick)));
    return rows;
  } finally {
    await browser.close();
    await gluon.stop();
    await rm(home, { recursive: true, force: true });
    await rm(change.repository, { recursive: true, force: true });
  }
}

const code = (file: number, line: number): string => `export const value${line} = compute(${file}, 'line ${line}');\n`;
const all = (of: (file: number, line: number) => string): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: FILES }, (_, file) => [
      `src/part-${String(file).padStart(2, '0')}.ts`,
      Array.from({ length: LINES }, (_line, line) => of(file, line)).join(''),
    ]),
  );
/** Every other line is changed, so that each has a line beside it and words that differ: 20,000 lines go or come. */
const before = () => all(code);
const after = () =>
  all((file, line) =>
    line % 2 === 0 ? `${code(file, line)}${code(file, line).replace('compute', 'again')}` : code(file, line).replace("'line", "'changed"),
  );

async function measured(browser: Browser, gluon: Gluon, { run }: SeededChange, layout: string, quick: boolean): Promise<Row[]> {
  const rounds = quick ? 1 : 5;
  const first: number[] = [];
  const whole: number[] = [];
  let loading = 0;
  let scrolling = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { page, context } = await openPage(browser, gluon, `/runs/${run}?tab=history`);
    await page.evaluate(`localStorage.setItem('gluon.diff-layout', '${layout}')`);
    await page.addInitScript(NOTE_LONG_TASKS);
    const startMs = performance.now();
    await page.goto(`${gluon.address}/runs/${run}?tab=files`);
    await page.locator('.diff-line').first().waitFor();
    first.push(performance.now() - startMs);
    await page.getByRole('region', { name: 'Changes' }).and(page.locator('[aria-busy="false"]')).waitFor();
    whole.push(performance.now() - startMs);
    loading = Math.max(loading, await longest(page));
    await scroll(page, quick ? 40 : 150);
    scrolling = Math.max(scrolling, await longest(page));
    await context.close();
  }
  const name = (what: string): string => `${what}, 20,000 changed lines, ${layout}`;
  return [
    figure(name('first line'), median(first), 'ms', rounds, null, 'the page itself included'),
    figure(name('all lines read'), median(whole), 'ms', rounds),
    figure(name('longest task until then'), loading, 'ms', rounds, TASK_TARGET),
    figure(name('longest task while scrolling'), scrolling, 'ms', rounds, TASK_TARGET),
  ];
}

/** The longest since the last look. */
async function longest(page: Page): Promise<number> {
  const tasks: number[] = await page.evaluate('longTasks.splice(0)');
  return Math.max(0, ...tasks);
}

/** From the beginning to the end by the wheel, in large steps and back in small ones. */
async function scroll(page: Page, turns: number): Promise<void> {
  await page.getByRole('region', { name: 'Diff' }).hover();
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.wheel(0, turn < turns / 2 ? 4_000 : -1_200);
    await page.waitForTimeout(30);
  }
}
