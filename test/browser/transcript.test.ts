/** A transcript of 100,000 records in a real browser: read from the end, from the middle, by kind and by word; live at the end; never mixed. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { eventually, submit, untilSettled } from '../support/runs.ts';
import { openBrowser, openPage } from './support/browser.ts';
import type { Seeded } from './support/seed.ts';
import { manyRecords } from './support/seed-transcript.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';

const MANY = 100_000;
const VISITS = 200;
const AT_ONCE = 7;

let browser: Browser;
let gluon: Gluon;
let seeded: Seeded;
let place: SeededGluon;
let long: string;

beforeAll(async () => {
  place = await startSeeded({ moreRecords: manyRecords(MANY) });
  ({ gluon, seeded } = place);
  long = seeded.runs['Show and revoke active sessions'] ?? '';
  browser = await openBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

const transcript = (page: Page) => page.getByRole('region', { name: 'Transcript' });
const project = (index: number): string => seeded.projects[index]?.name ?? '';

interface Seen {
  readonly top: number;
  readonly fromEnd: number;
  readonly rows: number;
  readonly seqs: number[];
  readonly texts: string[];
}

/** Two pictures later: what was scrolled is drawn. */
const DRAWN = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))';

function look(page: Page): Promise<Seen> {
  return transcript(page).evaluate((box) => {
    const rows = [...box.querySelectorAll('[data-seq]')];
    return {
      top: box.scrollTop,
      fromEnd: box.scrollHeight - box.scrollTop - box.clientHeight,
      rows: rows.length,
      seqs: rows.map((row) => Number(row.getAttribute('data-seq'))),
      texts: rows.map((row) => row.textContent ?? ''),
    };
  });
}

async function answer(run: string): Promise<void> {
  const question = await eventually(
    async () => (await gluon.call('runs.questions', { run })).items.find(({ state }) => state === 'open'),
    'a question',
    30_000,
  );
  await gluon.call('questions.answer', { question: question.id, answers: { [question.items[0]?.question ?? '']: ['Yes'] } });
}

test('stands at the end, draws only what is in sight, and goes up without a jump', async () => {
  const { page, context, errors } = await openPage(browser, gluon, `/runs/${long}`);
  await transcript(page).getByText('The page lists the sessions.').last().waitFor();
  const atEnd = await look(page);
  expect(atEnd.fromEnd).toBeLessThan(10);
  expect(atEnd.rows).toBeLessThan(80);

  await transcript(page).hover();
  let highest = Math.min(...atEnd.seqs);
  for (let turn = 0; turn < 40; turn += 1) {
    await page.mouse.wheel(0, -1_500);
    await page.evaluate(DRAWN);
    const now = await look(page);
    // Upwards only: a row that was put before the others moved nobody down again.
    expect(Math.min(...now.seqs)).toBeLessThanOrEqual(highest);
    expect(now.rows).toBeLessThan(120);
    expect(new Set(now.seqs).size).toBe(now.rows);
    highest = Math.min(...now.seqs);
  }
  expect(highest).toBeLessThan(MANY - 400);

  // What is in sight stays where it is while earlier records are read above it.
  await page.getByRole('button', { name: 'To the end' }).click();
  await eventually(async () => (await look(page)).fromEnd < 10, 'the end');
  expect(errors).toEqual([]);
  await context.close();
}, 120_000);

test('a link to a record opens there, and the filters and the search find what they say', async () => {
  const { page, context, errors } = await openPage(browser, gluon, `/runs/${long}?seq=50000`);
  const marked = page.locator('.log-row.marked');
  await marked.waitFor();
  expect(Math.abs(Number(await marked.getAttribute('data-seq')) - 50_000)).toBeLessThan(60);
  await eventually(
    () =>
      marked.evaluate((row) => {
        const box = row.closest('section')?.getBoundingClientRect();
        const own = row.getBoundingClientRect();
        return box !== undefined && own.bottom > box.top && own.top < box.bottom;
      }),
    'the record in sight',
  );

  const counts = await gluon.call('runs.message_counts', { run: long });
  const filters = page.getByRole('group', { name: 'Filter messages' });
  await filters.getByRole('button', { name: /^Edits/ }).click();
  expect(await filters.getByRole('button', { name: /^Edits/ }).textContent()).toBe(`Edits${counts.edits}`);
  await transcript(page).getByText('src/account/SessionsPage.tsx').waitFor();
  await eventually(async () => (await look(page)).rows === counts.edits, 'as many rows as the filter says');
  await filters.getByRole('button', { name: /^Errors/ }).click();
  // The call of a failure lies outside of the filter and is found all the same.
  await transcript(page).getByText('npm test -- sessions').first().waitFor();
  await filters.getByRole('button', { name: /^All/ }).click();

  await page.keyboard.press('/');
  await page.getByRole('searchbox', { name: 'Search in the transcript' }).fill('module-77777.ts');
  await page.getByText(/^Nothing found/).waitFor();
  await page.getByRole('searchbox', { name: 'Search in the transcript' }).fill('npm test -- module-7007');
  await page.getByText(/^1 of/).waitFor();
  await marked.filter({ hasText: 'module-7007' }).waitFor();
  await page.keyboard.press('Escape');
  expect(errors).toEqual([]);
  await context.close();
}, 120_000);

test('follows the end until the reader goes up, counts what is new, and follows again', async () => {
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => `say Line ${from + index} of the stream.`).join('\n');
  const run = await submit(gluon, project(0), `${lines(1, 60)}\nask Go | On with it? | Yes | No\n${lines(61, 100)}`);
  const { page, context } = await openPage(browser, gluon, `/runs/${run.id}`);
  await transcript(page).getByText('On with it?', { exact: true }).waitFor();
  await eventually(async () => (await look(page)).fromEnd < 10, 'the end');
  await transcript(page).hover();
  await page.mouse.wheel(0, -600);
  await page.getByRole('button', { name: 'To the end' }).waitFor();
  await page.evaluate(DRAWN);
  const before = await look(page);
  await answer(run.id);
  await untilSettled(gluon, run.id);
  await eventually(
    async () => Number(/\d+/.exec((await page.getByRole('button', { name: /new$/ }).textContent()) ?? '')?.[0]) >= 40,
    'forty new',
  );
  const after = await look(page);
  expect(after.top).toBe(before.top);
  expect(after.texts).toEqual(before.texts);
  await page.locator('.run-head').click({ position: { x: 400, y: 4 } });
  await page.keyboard.press('f');
  await transcript(page).getByText('Line 100 of the stream.', { exact: true }).waitFor();
  await eventually(async () => (await look(page)).fromEnd < 10, 'the end');
  expect(await page.getByRole('button', { name: /new$|To the end/ }).count()).toBe(0);
  await context.close();
}, 120_000);

test('going from run to run two hundred times mixes nothing and leaks nothing', async () => {
  const runs = await Promise.all(
    [1, 2, 3].map(async (number) => {
      const text = Array.from({ length: 30 }, (_, index) => `say Run ${number} says ${index}.`).join('\n');
      const run = await submit(gluon, project(2), text, { title: `Run number ${number}` });
      await untilSettled(gluon, run.id);
      return run.id;
    }),
  );
  const { page, context, errors } = await openPage(browser, gluon, '/list');
  const devtools = await context.newCDPSession(page);
  const heap = async (): Promise<{ bytes: number; nodes: number; listeners: number }> => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { bytes: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
  };
  await devtools.send('Performance.enable');
  const failed: string[] = [];
  page.on('response', async (response) => {
    if (response.status() >= 500) failed.push(`${response.url()}: ${await response.text()}`);
  });
  // Most are left again before their answers are there: late ones must find nobody. The last of each turn is looked at.
  const visits = async (turn: number): Promise<void> => {
    const number = (turn % 3) + 1;
    const wrong = await page.evaluate<string[] | null>(`(async () => {
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const runs = ${JSON.stringify(runs)};
      for (let visit = 0; visit < ${AT_ONCE}; visit += 1) {
        history.pushState(null, '', '/runs/' + runs[(${turn} + 1 + visit) % 3]);
        dispatchEvent(new PopStateEvent('popstate'));
        await wait(visit * 15);
      }
      history.pushState(null, '', '/runs/' + runs[${turn} % 3]);
      dispatchEvent(new PopStateEvent('popstate'));
      for (let tries = 0; tries < 2000; tries += 1) {
        const texts = [...document.querySelectorAll('.log-scroll .markdown')].map((each) => each.textContent);
        if (texts.includes('Run ${number} says 29.')) {
          await wait(100);
          return texts.filter((text) => !text.startsWith('Run ${number} says'));
        }
        await wait(10);
      }
      return null;
    })()`);
    expect(wrong).toEqual([]);
  };
  for (let turn = 0; turn < 3; turn += 1) await visits(turn);
  const before = await heap();
  for (let turn = 0; turn < VISITS / (AT_ONCE + 1); turn += 1) await visits(turn);
  const after = await heap();
  expect(after.bytes - before.bytes).toBeLessThan(6_000_000);
  expect(after.nodes - before.nodes).toBeLessThan(3_000);
  expect(after.listeners - before.listeners).toBeLessThan(200);
  expect(failed).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
}, 300_000);
