/** Questions of agents on the page: told where one is, answered from any view, by one of several people, also after the time is over. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import type { Gluon } from '../support/gluon.ts';
import { messages, submit } from '../support/runs.ts';
import { openBrowser, openPage } from './support/browser.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';

let browser: Browser;
let gluon: Gluon;
let place: SeededGluon;

beforeAll(async () => {
  place = await startSeeded({}, { config: 'question_wait_seconds: 120\n' });
  ({ gluon } = place);
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

const asking = (run: Run): boolean => run.pending_questions > 0;
const asks = (title: string, prompt: string): Promise<Run> => submit(gluon, 'web-app', prompt, { title });

async function asked(title: string, prompt: string): Promise<Run> {
  const { id } = await asks(title, prompt);
  return gluon.until(id, asking, 'it asks', 30_000);
}

async function said(run: string): Promise<string> {
  await gluon.until(run, ({ status }) => status === 'review', 'it is done', 30_000);
  return (await messages(gluon, run, 'text')).map((record) => String(record.text)).join('\n');
}

/** Opens the oldest question by its key. */
async function answering(page: Page): Promise<Locator> {
  await page.getByRole('main').waitFor();
  await page.keyboard.press('a');
  const dialog = page.getByRole('dialog', { name: 'Input Required' });
  await dialog.waitFor();
  return dialog;
}

test('a new question is told on any view, and answered there with keys alone', async () => {
  const { page, context, errors } = await openPage(browser, gluon, '/usage');
  await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
  const { id } = await asks('Move the session store', 'ask Expiry | Which sessions should expire? | All | Old ones (Recommended) | None');
  const toast = page.getByRole('region', { name: 'Messages' });
  await toast.getByText('Input required: Move the session store').waitFor();
  const dialog = await answering(page);
  await dialog.getByText('Which sessions should expire?').waitFor();
  await dialog.getByText('Recommended').waitFor();
  expect(await dialog.getByRole('timer').textContent()).toMatch(/^[12]:\d\d$/);
  await page.keyboard.press('2');
  expect(await dialog.getByRole('radio', { name: /Old ones/ }).isChecked()).toBe(true);
  await page.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'hidden' });
  expect(await said(id)).toContain('answered: Old ones (Recommended)');
  expect(errors).toEqual([]);
  await context.close();
}, 90_000);

test('several options with a note, kept over a reload; nothing chosen is said in place', async () => {
  const run = await asked('Regenerate the client', 'askmany Scope | Which endpoints? | Invoices | Customers | Webhooks');
  const { page, context } = await openPage(browser, gluon, '/list');
  let dialog = await answering(page);
  await page.keyboard.press('Control+Enter');
  await dialog.getByRole('alert').getByText('Choose an answer, or write one.').waitFor();
  await dialog.getByRole('checkbox', { name: 'Webhooks' }).check();
  await dialog.getByRole('checkbox', { name: 'Invoices' }).check();
  await dialog.getByRole('textbox').fill('and nothing else');
  // Digits that are typed choose nothing.
  await dialog.getByRole('textbox').press('2');
  await page.reload();
  dialog = await answering(page);
  expect(await dialog.getByRole('checkbox', { name: 'Customers' }).isChecked()).toBe(false);
  await dialog.getByRole('button', { name: 'Send 3 answers' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await said(run.id)).toContain('answered: Invoices, Webhooks, and nothing else2');
  await context.close();
}, 90_000);

test('two people, one question: the first answer counts, and the other one is told by whom', async () => {
  const run = await asked('Cut the cold start', 'ask How | Which way? | Left | Right');
  const [first, second] = await Promise.all([openPage(browser, gluon), openPage(browser, gluon)]);
  const one = await answering(first.page);
  const other = await answering(second.page);
  await other.getByRole('radio', { name: 'Right' }).check();
  await one.getByRole('radio', { name: 'Left' }).check();
  await one.getByRole('button', { name: 'Send answer' }).click();
  await one.waitFor({ state: 'hidden' });
  await other.waitFor({ state: 'hidden' });
  await second.page.getByText(/Answered meanwhile by/).waitFor();
  await second.page.getByText('Cut the cold start: Left').waitFor();
  expect(await first.page.getByText(/Answered meanwhile by/).count()).toBe(0);
  expect(await said(run.id)).toContain('answered: Left');
  await first.context.close();
  await second.context.close();
}, 90_000);

test('questions queue up: after one the next is there; a skipped one comes again', async () => {
  const older = await asked('The older one', 'ask A | First? | Yes | No');
  const newer = await asked('The newer one', 'ask B | Second? | Yes | No');
  const { page, context } = await openPage(browser, gluon);
  const dialog = await answering(page);
  await dialog.getByText('First?').waitFor();
  await dialog.getByText('1 of 2').waitFor();
  await dialog.getByRole('button', { name: 'Skip to the next question' }).click();
  await dialog.getByText('Second?').waitFor();
  await dialog.getByRole('radio', { name: 'No' }).check();
  await dialog.getByRole('button', { name: 'Send answer' }).click();
  await dialog.getByText('First?').waitFor();
  await dialog.getByRole('textbox').fill('maybe');
  await dialog.getByRole('button', { name: 'Send answer' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await said(newer.id)).toContain('answered: No');
  expect(await said(older.id)).toContain('answered: maybe');
  await page.keyboard.press('a');
  await page.getByText('No agent waits for an answer').waitFor();
  await context.close();
}, 90_000);

test('a run that ends takes its question with it, and says so', async () => {
  const run = await asked('Goes away', 'ask Gone | Still there? | Yes | No');
  const { page, context } = await openPage(browser, gluon);
  const dialog = await answering(page);
  await gluon.call('runs.cancel', { run: run.id });
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('The question is over').waitFor();
  await context.close();
}, 90_000);

test('a parked question can still be answered, and its run goes on', async () => {
  const impatient = await startSeeded({}, { config: 'question_wait_seconds: 2\n' });
  try {
    const { id } = await submit(impatient.gluon, 'web-app', 'ask Late | Too late? | Yes | No', { title: 'Parked' });
    await impatient.gluon.until(id, ({ status }) => status === 'review', 'it is parked', 30_000);
    const { page, context } = await openPage(browser, impatient.gluon);
    const dialog = await answering(page);
    await dialog.getByText(/^parked /).waitFor();
    await dialog.getByText(/Your answer lets it go on/).waitFor();
    await dialog.getByRole('radio', { name: 'No' }).check();
    await dialog.getByRole('button', { name: 'Send answer' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await impatient.gluon.until(id, ({ attempts, status }) => attempts === 2 && status === 'review', 'it went on', 30_000);
    await context.close();
  } finally {
    await impatient.stop();
  }
}, 120_000);
