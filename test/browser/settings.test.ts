/** Settings in a real browser: what they say of themselves, how they are changed, what becomes of a value that is refused. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { eventually } from '../support/runs.ts';
import { openBrowser, openPage } from './support/browser.ts';

let browser: Browser;
let gluon: Gluon;

beforeAll(async () => {
  gluon = await startGluon({ config: 'max_cost_usd: 7\n', environment: { GLUON_SILENCE_MINUTES: '33' } });
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await gluon?.stop();
});

const row = (page: Page, key: string): Locator => page.locator(`[id="${key}"]`);

async function savedValue(key: string): Promise<unknown> {
  return (await gluon.call('settings.get', { key })).value;
}

test('each kind of value can be changed, and the file says so', async () => {
  const { page, context, errors } = await openPage(browser, gluon, '/settings');
  const runs = page.getByLabel('Runs at the same time', { exact: true });
  await runs.fill('9');
  await runs.press('Enter');
  await row(page, 'max_concurrent_runs').getByText('Set in config.yml · default: 4').waitFor();
  await page.getByRole('switch', { name: 'Go on after a loss' }).click();
  await row(page, 'resume_after_loss').getByText('default: on').waitFor();
  await page.getByLabel('When nobody answers').selectOption('auto');
  await row(page, 'question_policy').getByText('default: park').waitFor();
  await page.getByLabel('Models that agents may call').fill('claude-sonnet-5\n\n claude-opus-5 \n');
  await row(page, 'models_allowed').getByRole('button', { name: 'Save' }).click();
  await row(page, 'models_allowed').getByText('Set in config.yml').waitFor();
  await page.getByLabel('Network', { exact: true }).selectOption('names');
  await row(page, 'egress').getByRole('textbox').fill('example.org');
  await row(page, 'egress').getByRole('button', { name: 'Save' }).click();
  await row(page, 'egress').getByText('default: packages').waitFor();
  await page.getByLabel('The provider holds back').uncheck();
  await row(page, 'notifications').getByText('Set in config.yml').waitFor();

  expect(await savedValue('max_concurrent_runs')).toBe(9);
  expect(await savedValue('resume_after_loss')).toBe(false);
  expect(await savedValue('question_policy')).toBe('auto');
  expect(await savedValue('models_allowed')).toEqual(['claude-sonnet-5', 'claude-opus-5']);
  expect(await savedValue('egress')).toEqual(['example.org']);
  expect(await savedValue('notifications')).not.toContain('capacity');
  expect(await readFile(join(gluon.home, 'config.yml'), 'utf8')).toContain('max_concurrent_runs: 9');

  await row(page, 'max_concurrent_runs').getByRole('button', { name: 'Reset' }).click();
  await row(page, 'max_concurrent_runs').getByText('Default', { exact: true }).waitFor();
  expect(await runs.inputValue()).toBe('4');
  expect(errors).toEqual([]);
  await context.close();
}, 120_000);

test("a refused value stays in its place with the server's sentence, and Escape brings the old one back", async () => {
  const { page, context } = await openPage(browser, gluon, '/settings');
  const cap = page.getByLabel('Money cap of a run');
  expect(await cap.inputValue()).toBe('7');
  await cap.fill('-3');
  await cap.press('Enter');
  await row(page, 'max_cost_usd').getByRole('alert').getByText('cannot be that').waitFor();
  expect(await cap.inputValue()).toBe('-3');
  expect(await cap.getAttribute('aria-invalid')).toBe('true');
  await cap.fill('many');
  await row(page, 'max_cost_usd').getByRole('alert').waitFor({ state: 'detached' });
  await cap.press('Enter');
  await row(page, 'max_cost_usd').getByRole('alert').waitFor();
  await cap.press('Escape');
  expect(await cap.inputValue()).toBe('7');
  await row(page, 'max_cost_usd').getByRole('alert').waitFor({ state: 'detached' });
  expect(await savedValue('max_cost_usd')).toBe(7);
  await context.close();
}, 120_000);

test('what the environment fixes is shown and cannot be typed over', async () => {
  const { page, context } = await openPage(browser, gluon, '/settings');
  const silence = page.getByLabel('Silence that ends an agent');
  expect(await silence.inputValue()).toBe('33');
  expect(await silence.isEditable()).toBe(false);
  await row(page, 'silence_minutes').getByText('GLUON_SILENCE_MINUTES').waitFor();
  expect(await row(page, 'silence_minutes').getByRole('button').count()).toBe(0);
  await context.close();
}, 120_000);

test('prices of models are added and removed', async () => {
  const { page, context } = await openPage(browser, gluon, '/settings#prices');
  const prices = row(page, 'prices');
  await prices.getByLabel('Model', { exact: true }).fill('house.model-1');
  await prices.getByLabel('Input').fill('0.5');
  await prices.getByLabel('Output').fill('free');
  await prices.getByRole('button', { name: 'Add price' }).click();
  await prices.getByRole('alert').waitFor();
  await prices.getByLabel('Output').fill('2.5');
  await prices.getByRole('button', { name: 'Add price' }).click();
  await prices.getByRole('row', { name: 'house.model-1' }).getByText('$2.50').waitFor();
  expect(await savedValue('prices')).toEqual({ 'house.model-1': { input: 0.5, output: 2.5 } });
  await prices.getByRole('button', { name: 'Remove the price of house.model-1' }).click();
  await prices.getByRole('row', { name: 'house.model-1' }).waitFor({ state: 'detached' });
  expect(await savedValue('prices')).toEqual({});
  await context.close();
}, 120_000);

test('a change by somebody else shows without asking; settings are found by their words', async () => {
  const { page, context } = await openPage(browser, gluon, '/settings');
  await page.getByText('Live', { exact: true }).waitFor();
  await gluon.call('settings.set', { key: 'caps.pids', value: 77 });
  await eventually(async () => (await page.getByLabel('Processes and threads').inputValue()) === '77', 'the new value is shown');
  await page.getByLabel('Find a setting').fill('threads');
  await eventually(async () => (await page.getByRole('textbox').count()) === 1, 'only that one is left');
  await page.getByLabel('Find a setting').fill('no such thing');
  await page.getByText('No setting matches').waitFor();
  await page.getByRole('button', { name: 'Show all settings' }).click();
  await page.getByLabel('Port').waitFor();
  await context.close();
}, 120_000);

test('theme and single keys are kept by the browser', async () => {
  const { page, context } = await openPage(browser, gluon, '/settings');
  await page.getByRole('radio', { name: 'Dark' }).check();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  const keys = page.getByRole('switch', { name: 'Shortcuts of one key' });
  await keys.click();
  await page.reload();
  await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  expect(await keys.isChecked()).toBe(false);
  await page.getByRole('heading', { name: 'About' }).scrollIntoViewIfNeeded();
  await page.getByText(gluon.home, { exact: true }).waitFor();
  await context.close();
}, 120_000);
