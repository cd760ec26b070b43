/** The palette and the shortcuts: what is found, where it leads, and when keys are only letters. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { eventually } from '../support/runs.ts';
import { openBrowser, openPage } from './support/browser.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';

let browser: Browser;
let gluon: Gluon;
let place: SeededGluon;

beforeAll(async () => {
  place = await startSeeded();
  ({ gluon } = place);
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

const run = (title: string): string => place.seeded.runs[title] ?? '';

async function openPalette(page: Page): Promise<Locator> {
  await page.getByRole('main').waitFor();
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: 'Command palette' });
  await dialog.getByRole('combobox').waitFor();
  return dialog;
}

const chosen = (dialog: Locator): Locator => dialog.locator('[role="option"][aria-selected="true"]');

test('a run is found by letters of its title, and opened: as a page, or beside the board', async () => {
  const { page, context, errors } = await openPage(browser, gluon);
  await page.locator('section[data-column="review"]').waitFor();
  let dialog = await openPalette(page);
  await page.keyboard.type('rotate sign');
  await chosen(dialog).getByText('Rotate signing keys without downtime').waitFor();
  expect(await chosen(dialog).locator('b').allTextContents()).toEqual(['Rotate sign']);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/runs/${run('Rotate signing keys without downtime')}*`);
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await page.locator('section[data-column="review"]').waitFor();
  dialog = await openPalette(page);
  await page.keyboard.type('#cold start');
  await dialog.getByRole('option').first().waitFor({ state: 'hidden' });
  await dialog.getByRole('combobox').fill('#revoke');
  await chosen(dialog).getByText('Show and revoke active sessions').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(`**/?run=${run('Show and revoke active sessions')}`);
  expect(errors).toEqual([]);
  await context.close();
}, 90_000);

test('what was said is found in transcripts, and leads to the record', async () => {
  const { page, context } = await openPage(browser, gluon);
  const dialog = await openPalette(page);
  await page.keyboard.type('plan: the server side');
  const hits = dialog.getByRole('group', { name: 'In transcripts' }).getByRole('option');
  await hits.first().waitFor();
  await hits.first().click();
  await page.waitForURL(/\/runs\/[0-9a-f]{32}\?.*seq=\d+/);
  await page.getByText('I will start from the plan').first().waitFor();
  await context.close();
}, 90_000);

test('acts of the page are offered with their keys, and done', async () => {
  const { page, context } = await openPage(browser, gluon);
  let dialog = await openPalette(page);
  await page.keyboard.type('>usage');
  await chosen(dialog).getByText('Usage').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/usage');
  dialog = await openPalette(page);
  await page.keyboard.type('>new run');
  await chosen(dialog).getByText('New run').waitFor();
  await page.keyboard.press('Enter');
  const made = page.getByRole('dialog', { name: 'New run' });
  await made.waitFor();
  await eventually(
    async () => (await page.evaluate('document.activeElement.getAttribute("aria-label")')) === 'Prompt',
    'the prompt has the focus',
  );
  await page.keyboard.press('Escape');
  dialog = await openPalette(page);
  await page.keyboard.type('question_wait');
  await dialog
    .getByRole('group', { name: 'Settings' })
    .getByRole('option', { name: /question_wait_seconds/ })
    .waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await context.close();
}, 90_000);

test('the arrow keys go around, and Escape gives the focus back', async () => {
  const { page, context } = await openPage(browser, gluon, '/settings');
  const find = page.getByLabel('Find a setting');
  await find.focus();
  const dialog = await openPalette(page);
  const options = dialog.getByRole('option');
  await options.nth(1).waitFor();
  const first = await chosen(dialog).textContent();
  await page.keyboard.press('ArrowUp');
  expect(await chosen(dialog).textContent()).toBe(await options.last().textContent());
  await page.keyboard.press('ArrowDown');
  expect(await chosen(dialog).textContent()).toBe(first);
  expect(await dialog.getByRole('combobox').getAttribute('aria-activedescendant')).toBe(await chosen(dialog).getAttribute('id'));
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await eventually(async () => (await page.evaluate('document.activeElement.tagName')) === 'INPUT', 'the field has the focus again');
  await context.close();
}, 90_000);

test('keys are letters while typing and in a dialog, and altogether when they are switched off', async () => {
  const { page, context } = await openPage(browser, gluon, '/settings');
  const find = page.getByLabel('Find a setting');
  await find.fill('');
  await find.press('n');
  expect(await find.inputValue()).toBe('n');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await find.blur();
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Shortcuts' });
  await list.getByText('Answer the oldest question').waitFor();
  await page.keyboard.press('n');
  expect(await page.getByRole('dialog').count()).toBe(1);
  await list.getByRole('switch').uncheck();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
  await page.keyboard.press('n');
  await page.keyboard.press('?');
  // What types nothing still works.
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(1);
  await context.close();
}, 90_000);
