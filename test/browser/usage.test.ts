/** The view of money: the figures are the server's, days add up, calls without a price are named. */
import { rm } from 'node:fs/promises';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { openBrowser, openPage, PHONE } from './support/browser.ts';
import { type Seeded, seedHome } from './support/seed.ts';
import { seedUsage } from './support/seed-usage.ts';

let browser: Browser;
let gluon: Gluon;
let seeded: Seeded;
let home: string;

beforeAll(async () => {
  home = await temporaryFolder('usage');
  seeded = await seedHome(home);
  await seedUsage(home, seeded);
  gluon = await startGluon({ home });
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await gluon?.stop();
  for (const folder of [home, ...(seeded?.projects ?? []).map(({ path }) => path)]) await rm(folder, { recursive: true, force: true });
});

const usd = (value: number): string => value.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
const dollars = (text: string | null): number => Number((text ?? '').replace(/[^0-9.]/g, ''));

async function columnOf(table: Locator, index: number): Promise<string[]> {
  return table
    .locator('tbody tr')
    .evaluateAll(
      (rows, at) =>
        rows.map((row) => (row as { cells: ArrayLike<{ textContent: string | null }> } & typeof row).cells[at]?.textContent ?? ''),
      index,
    );
}

test('the sums are those of the server, and the days of the table add up to that of the chart', async () => {
  const { page, context, errors } = await openPage(browser, gluon, '/usage');
  const summary = await gluon.call('usage.summary', {});
  for (const [label, totals] of [
    ['Today', summary.today],
    ['Last 7 days', summary.week],
    ['Last 30 days', summary.month],
    ['All time', summary.total],
  ] as const) {
    const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: label, exact: true }) });
    await panel.getByText(usd(totals.cost_usd), { exact: true }).waitFor();
  }
  const days = page.getByRole('table', { name: 'Cost per day in US dollars' });
  const together = (await columnOf(days, 5)).map(dollars);
  expect(together).toHaveLength(30);
  expect(together.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(summary.month.cost_usd, 0);
  await page.getByRole('note').getByText('the price of a-model-of-our-own is not known').waitFor();
  await page.getByRole('note').getByRole('link', { name: 'Set a price' }).click();
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
}, 120_000);

test('one project and another period show their own figures; heads sort; runs can be opened', async () => {
  const { page, context } = await openPage(browser, gluon, '/usage');
  await page.getByLabel('Project', { exact: true }).selectOption('infra');
  await page.waitForURL('**/usage?project=infra');
  const { month } = await gluon.call('usage.summary', { project: 'infra' });
  await page.getByText(usd(month.cost_usd), { exact: true }).first().waitFor();
  await page.getByLabel('Project', { exact: true }).selectOption('');

  const runs = page.getByRole('table', { name: 'Usage by run' });
  await runs.waitFor();
  await page.getByRole('radio', { name: '90 days' }).check();
  await page.getByRole('button', { name: /^All \d+/ }).click();
  const dearestFirst = (await columnOf(runs, 3)).map(dollars);
  expect(dearestFirst).toEqual([...dearestFirst].sort((left, right) => right - left));
  await runs.getByRole('button', { name: 'Cost' }).click();
  const cheapestFirst = (await columnOf(runs, 3)).map(dollars);
  expect(cheapestFirst).toEqual([...cheapestFirst].sort((left, right) => left - right));
  expect(await runs.getByRole('columnheader', { name: 'Cost' }).getAttribute('aria-sort')).toBe('ascending');
  await runs.getByRole('link', { name: 'Show and revoke active sessions' }).click();
  await page.waitForURL(`**/runs/${seeded.runs['Show and revoke active sessions']}*`);
  await context.close();
}, 120_000);

test('the arrow keys go through the days, and nothing is wider than a phone', async () => {
  const { page, context } = await openPage(browser, gluon, '/usage', { viewport: PHONE, touch: true });
  const chart = page.getByRole('region', { name: /Cost per day; the arrow keys/ });
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  const today = await chart.locator('[aria-live]').textContent();
  expect(today).toMatch(/^[A-Z][a-z]{2} \d+: \$/);
  await page.keyboard.press('ArrowLeft');
  expect(await chart.locator('[aria-live]').textContent()).not.toBe(today);
  expect(await page.evaluate('document.scrollingElement.scrollWidth <= innerWidth')).toBe(true);
  await context.close();
}, 120_000);
