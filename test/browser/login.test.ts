/** The door of the page: tokens, links, sessions that end, and what is said when a login is not taken. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { openBrowser, openPage } from './support/browser.ts';

let browser: Browser;
let gluon: Gluon;

beforeAll(async () => {
  gluon = await startGluon();
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await gluon?.stop();
});

test('a wrong token is refused in place, the right one opens the page and leaves no trace of itself', async () => {
  const { page, context, foreign } = await openPage(browser, gluon, '/settings', { signedOut: true });
  const field = page.getByLabel('Token');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('Paste the token first.').waitFor();
  await field.fill('not-the-token');
  await field.press('Enter');
  await page.getByRole('alert').getByText('not valid').waitFor();
  expect(await field.inputValue()).toBe('not-the-token');
  expect(await field.getAttribute('aria-invalid')).toBe('true');

  await field.fill(` ${gluon.token} `);
  await field.press('Enter');
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings');
  const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
  expect(kept).not.toContain(gluon.token);
  expect(foreign).toEqual([]);
  await context.close();
}, 120_000);

test('a link signs in once and does not stay in the address', async () => {
  const { url } = await gluon.call('auth.login_link', {});
  const first = await openPage(browser, gluon, '/', { signedOut: true });
  await first.page.goto(url);
  await first.page.getByRole('navigation').first().waitFor();
  expect(first.page.url()).not.toContain('code');
  const second = await openPage(browser, gluon, '/', { signedOut: true });
  await second.page.goto('about:blank');
  await second.page.goto(url);
  await second.page.getByRole('heading', { name: 'Sign in to Gluon' }).waitFor();
  expect(second.page.url()).not.toContain('code');
  await first.context.close();
  await second.context.close();
}, 120_000);

test('a session that ends shows the door over the page, which stays as it was', async () => {
  const { page, context } = await openPage(browser, gluon, '/settings');
  const search = page.getByLabel('Find a setting');
  await search.fill('memory');
  const memory = page.getByLabel('Memory', { exact: true });
  await memory.fill('2048');

  const other = await context.newPage();
  await other.goto(`${gluon.address}/settings`);
  await other.getByRole('button', { name: 'Sign out' }).click();
  await other.getByRole('heading', { name: 'You are signed out' }).waitFor();

  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  expect(await dialog.isVisible()).toBe(true);

  await dialog.getByLabel('Token').fill(gluon.token);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await search.inputValue()).toBe('memory');
  expect(await memory.inputValue()).toBe('2048');
  await page.getByText('Live', { exact: true }).waitFor();
  await memory.press('Enter');
  await page.getByText('Set in config.yml · default: 4096').waitFor();
  await context.close();
}, 120_000);

test('too many wrong tokens are answered with the time to wait, and nothing typed is lost', async () => {
  const { page, context } = await openPage(browser, gluon, '/', { signedOut: true });
  let status = 0;
  for (let tries = 0; tries < 500 && status !== 429; tries += 1) {
    ({ status } = await gluon.raw('POST', '/auth/login', { token: `wrong-${tries}` }));
  }
  expect(status).toBe(429);
  await page.getByLabel('Token').fill('wrong-once-more');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('Too many tries').waitFor();
  expect(await page.getByLabel('Token').inputValue()).toBe('wrong-once-more');
  // Who has the token is not kept out by those who have not.
  await page.getByLabel('Token').fill(gluon.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
  await context.close();
}, 120_000);
