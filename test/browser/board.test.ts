/** The board in a real browser: what it shows, what it says of a connection, how many cards it draws. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { eventually, submit, untilSettled } from '../support/runs.ts';
import { openBrowser, openPage, PHONE } from './support/browser.ts';
import type { Seeded } from './support/seed.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';

const MANY = 1_000;

let browser: Browser;
let gluon: Gluon;
let seeded: Seeded;
let place: SeededGluon;

beforeAll(async () => {
  place = await startSeeded({ moreRuns: MANY });
  ({ gluon, seeded } = place);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

const project = (index: number): string => seeded.projects[index]?.name ?? '';

/** The board comes in pages: waits for the last. */
async function allRead(page: Page): Promise<void> {
  const { total } = await gluon.call('runs.counts', {});
  await page.locator(`section[data-column="completed"][aria-label="Done, ${total.completed} runs"]`).waitFor();
}

test('a run that is submitted appears, runs, asks, and comes to review without anybody asking for it', async () => {
  const { page, context } = await openPage(browser, gluon);
  await allRead(page);
  const before = Number(
    /\((\d+)\)/.exec(
      await eventually(async () => ((await page.title()).startsWith('(') ? page.title() : null), 'a title with a count'),
    )?.[1],
  );
  const run = await submit(gluon, project(0), 'say Looking.\nask Scope | Which pages? | All | One\nsay Done.', {
    title: 'Ask me something',
  });
  const card = page.locator(`[data-run="${run.id}"]`);
  await card.getByText('Input Required').waitFor();
  expect(await card.getByText('Which pages?').count()).toBe(1);
  expect(await page.locator('[data-column="running"]').locator(`[data-run="${run.id}"]`).count()).toBe(1);
  await eventually(async () => (await page.title()) === `(${before + 1}) Gluon`, 'one more in the title');

  const [question] = (await gluon.call('runs.questions', { run: run.id })).items;
  await gluon.call('questions.answer', { question: question?.id ?? '', answers: { 'Which pages?': ['One'] } });
  await untilSettled(gluon, run.id);
  await page.locator('[data-column="review"]').locator(`[data-run="${run.id}"]`).waitFor();
  expect(await card.getByText('Input Required').count()).toBe(0);
  await context.close();
}, 90_000);

test('of a thousand cards only those in sight are drawn, and the last can be reached', async () => {
  const { page, context } = await openPage(browser, gluon);
  await allRead(page);
  const done = page.locator('[data-column="completed"]');
  const total = Number(/(\d+) runs/.exec((await done.getAttribute('aria-label')) ?? '')?.[1]);
  expect(total).toBeGreaterThan(MANY / 3);
  expect(await page.locator('[data-run]').count()).toBeLessThan(140);
  await done.locator('.col-body').hover();
  // Heights are measured as cards come into sight, so the end moves while it is scrolled to.
  await eventually(async () => {
    await page.mouse.wheel(0, 20_000);
    return (await done.locator(`li[aria-posinset="${total}"]`).count()) === 1;
  }, 'the last card');
  expect(await page.locator('[data-run]').count()).toBeLessThan(140);
  await context.close();
}, 60_000);

test('a run that works draws its own card and no other', async () => {
  const { page, context } = await openPage(browser, gluon);
  await allRead(page);
  const run = await submit(gluon, project(2), `${[1, 2, 3, 4, 5, 6].map((step) => `run sleep 1; echo ${step}`).join('\n')}\nhang`, {
    title: 'Works step by step',
  });
  const card = page.locator(`[data-run="${run.id}"]`);
  await card.getByText('sleep 1; echo 1').waitFor();
  // As text: the page's own types are not those of this process.
  await page.evaluate(`
    window.drawn = new Set();
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const card = (target.nodeType === 1 ? target : target.parentElement)?.closest('[data-run]');
        if (card) window.drawn.add(card.dataset.run);
      }
    }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
  `);
  await card.getByText('sleep 1; echo 5').waitFor();
  expect(await page.evaluate('[...window.drawn]')).toEqual([run.id]);
  await gluon.call('runs.move', { run: run.id, status: 'cancelled' });
  await page.locator('[data-column="cancelled"]').locator(`[data-run="${run.id}"]`).waitFor();
  await context.close();
}, 60_000);

test('keys go from card to card, into parts of a column that were not drawn, and open the run', async () => {
  const { page, context } = await openPage(browser, gluon);
  await allRead(page);
  const first = page.locator('[data-column="review"] li[aria-posinset="1"] .card-link');
  await first.focus();
  for (let step = 0; step < 30; step += 1) await page.keyboard.press(step % 2 === 0 ? 'j' : 'ArrowDown');
  const focused = page.locator('.card-link:focus');
  await page.locator('[data-column="review"] li[aria-posinset="31"] .card-link:focus').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('[data-column="completed"] .card-link:focus').waitFor();
  const id = (await focused.getAttribute('href'))?.split('/').at(-1);
  await page.keyboard.press('Control+Enter');
  await page.waitForURL((url) => url.searchParams.get('run') === id);
  await page.getByRole('complementary', { name: 'Run' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.searchParams.has('run'));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === `/runs/${id}`);
  await context.close();
}, 60_000);

test('the address holds the project and the filter; the page says when nothing needs the person', async () => {
  const { page, context } = await openPage(browser, gluon);
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('link', { name: /^docs-site/ })
    .click();
  await page.waitForURL((url) => url.searchParams.get('project') === 'docs-site');
  await eventually(async () => new Set(await page.locator('.card-project').allTextContents()).size === 1, 'only cards of this project');
  expect(await page.locator('.card-project').first().textContent()).toBe('docs-site');
  await page.getByRole('radio', { name: /Needs you/ }).check();
  await page.waitForURL((url) => url.searchParams.get('filter') === 'needs-you');
  expect(await page.locator('[data-column="completed"] [data-run]').count()).toBe(0);
  expect(await page.locator('[data-column="review"] [data-run]').count()).toBeGreaterThan(0);
  await page.goto(`${gluon.address}/?project=nowhere`);
  await page.getByText('No run in nowhere yet').waitFor();
  await context.close();
}, 60_000);

test('offline is said and heals: what happened meanwhile is there, and the board stays readable', async () => {
  const opened = await openPage(browser, gluon);
  const { page } = opened;
  let cut = false;
  const sockets: { close(): Promise<void> }[] = [];
  await page.routeWebSocket('**/api/ws', (socket) => {
    if (cut) return void socket.close();
    socket.connectToServer();
    sockets.push(socket);
  });
  await page.reload();
  await page.getByRole('banner').getByText('Live').waitFor();
  await column('review').locator('[data-run]').first().waitFor();

  cut = true;
  await opened.context.setOffline(true);
  for (const socket of sockets) await socket.close();
  await page.getByRole('banner').getByText('Offline since').waitFor();
  await page.getByText('What is shown is from then').waitFor();
  const meanwhile = await submit(gluon, project(4), 'say Done while nobody looked.', { title: 'Made while offline' });
  await untilSettled(gluon, meanwhile.id);
  expect(await column('review').locator('[data-run]').count()).toBeGreaterThan(0);
  expect(await page.locator(`[data-run="${meanwhile.id}"]`).count()).toBe(0);

  cut = false;
  await opened.context.setOffline(false);
  await page.locator(`[data-run="${meanwhile.id}"]`).waitFor();
  await page.getByRole('banner').getByText('Live').waitFor();
  expect(await page.getByText('What is shown is from then').count()).toBe(0);
  await opened.context.close();

  function column(status: string) {
    return page.locator(`section[data-column="${status}"]`);
  }
}, 90_000);

test('on a phone the columns are tabs, pulling down reads again, and nothing is wider than the screen', async () => {
  const { page, context } = await openPage(browser, gluon, '/', { viewport: PHONE, touch: true });
  await page.getByRole('tab', { name: /Done/ }).tap();
  const column = page.locator('[data-column="completed"] [data-run]');
  await column.first().waitFor();
  expect(await page.locator('section[data-column]').count()).toBe(1);
  expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(PHONE.width);

  const reads: string[] = [];
  page.on('request', (request) => request.url().includes('/api/runs/cards') && reads.push(request.url()));
  const touch = await context.newCDPSession(page);
  const at = (y: number) => [{ x: 190, y }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(200) });
  for (let y = 220; y <= 480; y += 20) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(y) });
  await page.getByText('Let go to read again').waitFor();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await eventually(async () => reads.length > 0, 'the board is read again');
  await context.close();
}, 60_000);
