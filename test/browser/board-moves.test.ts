/** Moves on the board: by mouse, finger, keys and menu; refused ones; two people and one card. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { eventually } from '../support/runs.ts';
import { openBrowser, openPage, PHONE } from './support/browser.ts';
import type { Seeded } from './support/seed.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';

let browser: Browser;
let gluon: Gluon;
let seeded: Seeded;
let place: SeededGluon;

beforeAll(async () => {
  place = await startSeeded();
  ({ gluon, seeded } = place);
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

const id = (title: string): string => seeded.runs[title] ?? '';
const cardOf = (page: Page, run: string): Locator => page.locator(`[data-run="${run}"]`);
const column = (page: Page, status: string): Locator => page.locator(`section[data-column="${status}"]`);
const statusOf = async (run: string): Promise<string> => (await gluon.call('runs.get', { run })).status;

/** Picks the card up with the mouse and holds it over a column. */
async function hold(page: Page, card: Locator, over: Locator): Promise<void> {
  const from = await boxOf(card);
  await page.mouse.move(from.x + 40, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 52, from.y + 24, { steps: 4 });
  await page.locator('.card-lifted').waitFor();
  const to = await boxOf(over);
  await page.mouse.move(to.x + to.width / 2, to.y + 160, { steps: 6 });
}

async function boxOf(what: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await what.waitFor();
  const box = await what.boundingBox();
  if (box === null) throw new Error('it is not to be seen');
  return box;
}

test('by mouse: legal columns light up and say what the drop means, and the run is moved', async () => {
  const { page, context, errors } = await openPage(browser, gluon);
  const run = id('Accept new top-level domains in email validation');
  await hold(page, cardOf(page, run), column(page, 'completed'));
  await page.locator('section.col-over[data-column="completed"]').getByText('Nothing is merged by this move').waitFor();
  expect(await page.locator('section.col-legal').evaluateAll((all) => all.map((each) => each.getAttribute('data-column')))).toEqual([
    'pending',
    'completed',
    'failed',
    'cancelled',
  ]);
  expect(await page.locator('section.col-illegal').evaluateAll((all) => all.map((each) => each.getAttribute('data-column')))).toEqual([
    'running',
  ]);
  await page.mouse.up();
  await column(page, 'completed').locator(`[data-run="${run}"]`).waitFor();
  await eventually(async () => (await statusOf(run)) === 'completed', 'the server moved it');
  expect(await page.locator('.card-floating').count()).toBe(0);
  expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
  await context.close();
}, 60_000);

test('by mouse: an illegal column says why, the card goes back and nothing is sent', async () => {
  const { page, context } = await openPage(browser, gluon);
  const run = id('Rotate signing keys without downtime');
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  await hold(page, cardOf(page, run), column(page, 'running'));
  await column(page, 'running').getByText('Not a legal move').waitFor();
  await page.mouse.up();
  await page.getByText('Not moved: Rotate signing keys without downtime').waitFor();
  expect(await column(page, 'review').locator(`[data-run="${run}"]`).count()).toBe(1);
  expect(sent.filter((url) => url.endsWith('/status'))).toEqual([]);
  expect(await statusOf(run)).toBe('review');
  await context.close();
}, 60_000);

test('two people move one card: one wins, the other is told what happened and sees it', async () => {
  const { page, context } = await openPage(browser, gluon);
  const run = id('Show and revoke active sessions');
  let asked = 0;
  await context.route('**/api/runs/*/status', async (route) => {
    asked += 1;
    // The other person is a moment faster.
    await gluon.call('runs.move', { run, status: 'failed', expected: 'review' });
    await route.continue();
  });
  await hold(page, cardOf(page, run), column(page, 'completed'));
  await page.mouse.up();
  await page.getByText('Not moved: Show and revoke active sessions').waitFor();
  await page.getByText(/changed meanwhile: it is failed now/).waitFor();
  await column(page, 'failed').locator(`[data-run="${run}"]`).waitFor();
  expect(await column(page, 'completed').locator(`[data-run="${run}"]`).count()).toBe(0);
  expect(asked).toBe(1);
  expect(await statusOf(run)).toBe('failed');
  await context.close();
}, 60_000);

test('a card that somebody else moves while it is held goes where it is now, and nothing hangs on the pointer', async () => {
  const { page, context } = await openPage(browser, gluon);
  const run = id(
    'Deduplicate events by idempotency key so that a batch retried after a timeout is not counted twice by the aggregation that runs every night',
  );
  await hold(page, cardOf(page, run), column(page, 'completed'));
  await gluon.call('runs.move', { run, status: 'failed' });
  await column(page, 'failed').locator(`[data-run="${run}"]`).waitFor();
  await page.locator('.card-lifted').waitFor({ state: 'detached' });
  expect(await page.locator('section.col-legal').count()).toBe(0);
  await page.mouse.up();
  expect(await statusOf(run)).toBe('failed');
  await context.close();
}, 60_000);

test('by keys: space picks up, arrows go between legal columns only, escape returns, enter drops', async () => {
  const { page, context } = await openPage(browser, gluon);
  const run = id('Draft the data-retention policy page');
  const link = cardOf(page, run).locator('.card-link');
  await link.focus();
  await page.keyboard.press('Space');
  await page.getByRole('status').filter({ hasText: 'is picked up' }).waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowLeft');
  await page.locator('section.col-over[data-column="pending"]').waitFor();
  await page.keyboard.press('ArrowLeft');
  expect(await page.locator('section.col-over').getAttribute('data-column')).toBe('pending');
  await page.keyboard.press('Escape');
  await page.locator('section.col-legal').first().waitFor({ state: 'detached' });
  expect(await statusOf(run)).toBe('review');

  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.locator('section.col-over[data-column="completed"]').waitFor();
  await page.keyboard.press('Enter');
  await column(page, 'completed').locator(`[data-run="${run}"]`).waitFor();
  await eventually(async () => (await statusOf(run)) === 'completed', 'the server moved it');
  // The keyboard stays where the card is.
  await column(page, 'completed').locator(`[data-run="${run}"] .card-link:focus`).waitFor();
  await context.close();
}, 60_000);

test('by menu: m offers the legal moves, and no others', async () => {
  const { page, context } = await openPage(browser, gluon);
  const run = id('Return 422 instead of 500 on malformed webhooks');
  await cardOf(page, run).locator('.card-link').focus();
  await page.keyboard.press('m');
  const menu = page.getByRole('menu');
  await menu.getByText('Move to').waitFor();
  expect(await menu.getByRole('menuitem', { name: /Review/ }).count()).toBe(1);
  expect(await menu.getByRole('menuitem', { name: /Queue|Running|Failed/ }).count()).toBe(0);
  await menu.getByRole('menuitem', { name: /Review/ }).click();
  await column(page, 'review').locator(`[data-run="${run}"]`).waitFor();
  await eventually(async () => (await statusOf(run)) === 'review', 'the server moved it');
  await context.close();
}, 60_000);

test('by finger on a phone: held, the card lifts and is let go on a tab; a short touch opens the run', async () => {
  const { page, context } = await openPage(browser, gluon, '/', { viewport: PHONE, touch: true });
  await page.getByRole('tab', { name: /Done/ }).tap();
  const run = id('Remove 14 dead feature flags');
  const box = await boxOf(cardOf(page, run));
  const touch = await context.newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, y = 0) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
  await send('touchStart', box.x + 60, box.y + 30);
  await page.locator('.card-lifted').waitFor();
  const tab = page.getByRole('tab', { name: /Review/ });
  await tab.and(page.locator('.col-legal')).waitFor();
  const over = await boxOf(tab);
  for (let step = 1; step <= 5; step += 1)
    await send('touchMove', box.x + 60 + ((over.x + 30 - box.x - 60) * step) / 5, box.y + 30 + ((over.y + 20 - box.y - 30) * step) / 5);
  await tab.and(page.locator('.col-over')).waitFor();
  await send('touchEnd');
  await eventually(async () => (await statusOf(run)) === 'review', 'the server moved it');
  expect(await page.locator('.card-floating').count()).toBe(0);
  expect(new URL(page.url()).searchParams.has('run')).toBe(false);

  await tab.tap();
  await cardOf(page, run).locator('.card-title').tap();
  await page.waitForURL((url) => url.searchParams.get('run') === run);
  await context.close();
}, 60_000);

test('a run is archived from its menu and brought back from the toast', async () => {
  const { page, context } = await openPage(browser, gluon);
  const run = id('Document retry semantics of the events API');
  await cardOf(page, run).hover();
  await cardOf(page, run)
    .getByRole('button', { name: /What to do/ })
    .click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await cardOf(page, run).waitFor({ state: 'detached' });
  expect((await gluon.call('runs.get', { run })).archived).toBe(true);
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await column(page, 'completed').locator(`[data-run="${run}"]`).waitFor();
  expect((await gluon.call('runs.get', { run })).archived).toBe(false);
  await context.close();
}, 60_000);
