/** The list in a real browser: filters in the address, pages, live rows, several runs at once. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { eventually, finished, submit } from '../support/runs.ts';
import { openBrowser, openPage, PHONE } from './support/browser.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';

let browser: Browser;
let gluon: Gluon;
let place: SeededGluon;

beforeAll(async () => {
  place = await startSeeded({ moreRuns: 260 });
  ({ gluon } = place);
  browser = await openBrowser();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

test('pages are read as the list is scrolled, to the last run', async () => {
  const { page, context } = await openPage(browser, gluon, '/list');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(80);
  const { total } = await gluon.call('runs.counts', {});
  const all = Object.values(total).reduce((sum, count) => sum + count, 0);
  await rows.first().hover();
  await eventually(
    async () => {
      await page.mouse.wheel(0, 4_000);
      return (await page.locator(`tr[data-row="${all - 1}"]`).count()) === 1;
    },
    'the last run',
    20_000,
  );
  expect(await page.locator('table').getAttribute('aria-rowcount')).toBe(String(all + 1));
  await context.close();
}, 60_000);

test('status, search and archive stand in the address and hold after a reload', async () => {
  const { page, context } = await openPage(browser, gluon, '/list');
  await page.getByRole('combobox', { name: 'Status' }).selectOption('failed');
  await page.waitForURL((url) => url.searchParams.get('status') === 'failed');
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('WebAssembly');
  await page.waitForURL((url) => url.searchParams.get('search') === 'WebAssembly');
  await page.getByRole('link', { name: 'Port the image resizer to WebAssembly' }).waitFor();
  await eventually(async () => (await page.locator('tbody tr').count()) === 1, 'only what was found');
  await page.reload();
  await page.getByRole('link', { name: 'Port the image resizer to WebAssembly' }).waitFor();
  expect(await page.locator('tbody tr').count()).toBe(1);
  await page.getByRole('searchbox').fill('nothing is called so');
  await page.getByText('No run is like that').waitFor();
  await page.getByRole('button', { name: 'Take the filters away' }).click();
  await eventually(async () => (await page.locator('tbody tr').count()) > 10, 'all runs again');
  expect(new URL(page.url()).search).toBe('');
  await context.close();
}, 60_000);

test('what is submitted stands on top at once', async () => {
  const { page, context } = await openPage(browser, gluon, '/list');
  await page.locator('tbody tr').first().waitFor();
  const run = await finished(gluon, place.seeded.projects[0]?.name ?? '', 'say Done.', { title: 'Made while the list was open' });
  await page.locator('tr[data-row="0"]').getByRole('link', { name: 'Made while the list was open' }).waitFor();
  await page.locator('tr[data-row="0"]').getByText('Review').waitFor();
  await page.locator('tr[data-row="0"]').getByRole('link').click();
  await page.waitForURL((url) => url.pathname === `/runs/${run.id}`);
  await context.close();
}, 60_000);

test('several runs are archived together and brought back; one that runs is refused by name, the others go', async () => {
  const { page, context } = await openPage(browser, gluon, '/list?status=completed');
  const rows = page.locator('tbody tr');
  await rows.nth(3).waitFor();
  const { total, archived } = await gluon.call('runs.counts', {});
  await rows.nth(0).getByRole('checkbox').click();
  await rows
    .nth(2)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await page.getByText('3 chosen').waitFor();
  await page.getByRole('group', { name: 'Chosen runs' }).getByRole('button', { name: 'Archive' }).click();
  await page.getByText('3 runs archived').waitFor();
  const after = await gluon.call('runs.counts', {});
  expect(after.archived).toBe(archived + 3);
  expect(after.total.completed).toBe(total.completed - 3);

  await page.getByRole('button', { name: 'Archived', exact: true }).click();
  await eventually(async () => (await rows.count()) === 3, 'the archived ones');
  await page.getByRole('checkbox', { name: 'Choose all that are loaded' }).click();
  await page.getByRole('button', { name: 'Bring back to the board' }).click();
  await page.getByText('3 runs brought back to the board').waitFor();
  expect((await gluon.call('runs.counts', {})).archived).toBe(archived);

  const running = await submit(gluon, place.seeded.projects[1]?.name ?? '', 'hang', { title: 'Still at work' });
  await gluon.until(running.id, (run) => run.status === 'running', 'it runs');
  await page.goto(`${gluon.address}/list`);
  await page.getByRole('checkbox', { name: 'Choose Still at work' }).click();
  await rows.nth(1).getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByText('Not done: Still at work').waitFor();
  await page.getByText('1 run archived').waitFor();
  expect((await gluon.call('runs.get', { run: running.id })).archived).toBe(false);
  expect((await gluon.call('runs.counts', {})).archived).toBe(archived + 1);
  await context.close();
}, 60_000);

test('j and k go through the rows, x chooses, slash searches', async () => {
  const { page, context } = await openPage(browser, gluon, '/list');
  await page.locator('tbody tr').first().waitFor();
  for (let step = 0; step < 40; step += 1) await page.keyboard.press('j');
  await page.locator('tr[data-row="39"] [data-row-link]:focus').waitFor();
  await page.keyboard.press('k');
  await page.locator('tr[data-row="38"] [data-row-link]:focus').waitFor();
  await page.keyboard.press('x');
  await page.getByText('1 chosen').waitFor();
  await page.keyboard.press('/');
  await page.locator('input[type="search"]:focus').waitFor();
  await context.close();
}, 60_000);

test('on a phone each run is two lines and nothing is wider than the screen', async () => {
  const { page, context } = await openPage(browser, gluon, '/list', { viewport: PHONE, touch: true });
  await page.locator('tbody tr').first().waitFor();
  expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  expect(await page.getByRole('checkbox').count()).toBe(0);
  const box = await page.locator('tbody tr').first().boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  await context.close();
}, 60_000);
