/** The dialog New run: from the key to the queued run, completion, images, drafts, and every way in which it can be refused. */
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { eventually } from '../support/runs.ts';
import { openBrowser, openPage, PHONE } from './support/browser.ts';
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

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

async function openDialog(page: Page): Promise<Locator> {
  await page.getByRole('main').waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New run' });
  await dialog.waitFor();
  return dialog;
}

const prompt = (dialog: Locator): Locator => dialog.getByRole('combobox', { name: 'Prompt' });

async function chooseProject(page: Page, dialog: Locator, name: string): Promise<void> {
  await dialog.getByRole('button', { name: /^Project/ }).click();
  await page.getByRole('menuitemradio', { name }).click();
  await dialog.getByRole('button', { name: `Project: ${name}` }).waitFor();
}

/** Opens what is folded and names the agent of the tests. */
async function useFake(dialog: Locator): Promise<void> {
  const folded = dialog.getByRole('button', { name: /^Model, base branch/ });
  if ((await folded.getAttribute('aria-expanded')) === 'false') await folded.click();
  await dialog.getByLabel('Agent', { exact: true }).fill('fake');
}

/** Pastes bytes where the caret stands, as a browser does. */
async function paste(page: Page, name: string, type: string, content: Buffer): Promise<void> {
  const file = JSON.stringify({ name, type, base64: content.toString('base64') });
  const taken = await page.evaluate(`(() => {
    const { name, type, base64 } = ${file};
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }));
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
    return event.defaultPrevented;
  })()`);
  expect(taken).toBe(true);
}

async function runsOf(text: string): Promise<string[]> {
  const { items } = await gluon.call('runs.list', { limit: 200 });
  return items.filter(({ prompt: each }) => each.includes(text)).map(({ id }) => id);
}

test('with keys alone: project, prompt with a completed file, queued, and told', async () => {
  const { page, context, errors } = await openPage(browser, gluon);
  const dialog = await openDialog(page);
  // The text has the focus; the way to the project is back over the buttons.
  await dialog.getByRole('button', { name: /^Project/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio').first().waitFor();
  await page.keyboard.type('web');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Project: web-app' }).waitFor();
  await prompt(dialog).focus();
  await page.keyboard.type('say keys alone\nlook at @sess');
  const option = dialog.getByRole('option', { name: 'src/server/sessions.ts' });
  await option.waitFor();
  await eventually(async () => (await option.getAttribute('aria-selected')) === 'true', 'the file is the first offer');
  await page.keyboard.press('Tab');
  expect(await prompt(dialog).inputValue()).toBe('say keys alone\nlook at @src/server/sessions.ts ');
  await useFake(dialog);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Queued: say keys alone').waitFor();
  await dialog.waitFor({ state: 'hidden' });
  expect(await runsOf('keys alone')).toHaveLength(1);
  expect(errors).toEqual([]);
  await context.close();
}, 60_000);

test('the list of completions closes by itself, the dialog stays, and the draft outlives a reload', async () => {
  const { page, context } = await openPage(browser, gluon);
  let dialog = await openDialog(page);
  await chooseProject(page, dialog, 'infra');
  await prompt(dialog).fill('');
  await prompt(dialog).pressSequentially('first @READ');
  await dialog.getByRole('option', { name: 'README.md' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.getByRole('option').first().waitFor({ state: 'hidden' });
  expect(await dialog.isVisible()).toBe(true);
  await paste(page, 'shot.png', 'image/png', PIXEL);
  await dialog.getByRole('button', { name: 'Remove shot.png' }).waitFor();
  await dialog.getByText('Draft kept').waitFor();
  await dialog.getByRole('radio', { name: /Deep/ }).check();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.reload();
  dialog = await openDialog(page);
  expect(await prompt(dialog).inputValue()).toBe('first @READ');
  expect(await dialog.getByRole('radio', { name: /Deep/ }).isChecked()).toBe(true);
  await dialog.getByRole('button', { name: 'Project: infra' }).waitFor();
  await dialog.getByRole('button', { name: 'Remove shot.png' }).waitFor();
  await context.close();
}, 60_000);

test('images: a broken one, a huge one and none at all are refused in place; the good one goes with the run', async () => {
  const { page, context } = await openPage(browser, gluon);
  const dialog = await openDialog(page);
  await chooseProject(page, dialog, 'web-app');
  await prompt(dialog).fill('say with an image');
  await paste(page, 'good.png', 'image/png', PIXEL);
  await paste(page, 'broken.png', 'image/png', Buffer.from('this is no picture'));
  await dialog.getByText(/not an image Gluon takes/).waitFor();
  const picker = dialog.locator('input[type="file"]');
  const huge = join(gluon.home, 'huge.png');
  await writeFile(huge, '');
  await truncate(huge, 21 * 1024 * 1024);
  await picker.setInputFiles(huge);
  await dialog.getByText(/20 MB are the most/).waitFor();
  await picker.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await dialog.getByText(/takes PNG, JPEG, GIF and WebP/).waitFor();
  expect(await prompt(dialog).inputValue()).toBe('say with an image');
  await useFake(dialog);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Queued: say with an image').waitFor();
  const [id = ''] = await runsOf('with an image');
  expect((await gluon.call('runs.attachments', { run: id })).items).toHaveLength(1);
  await context.close();
}, 60_000);

test('a prompt of 1 MB is refused beside the prompt, and not a letter is lost', async () => {
  const { page, context } = await openPage(browser, gluon);
  const dialog = await openDialog(page);
  await chooseProject(page, dialog, 'web-app');
  const long = `say long\n${'0123456789 '.repeat(95_000)}`;
  await prompt(dialog).fill(long);
  await dialog.getByText('Too long to keep as a draft').waitFor();
  await dialog.getByRole('button', { name: 'Queue run' }).click();
  await dialog
    .getByRole('alert')
    .getByText(/the limit is/)
    .waitFor();
  expect((await prompt(dialog).inputValue()).length).toBe(long.length);
  expect(await prompt(dialog).getAttribute('aria-invalid')).toBe('true');
  // Half a megabyte fits.
  await prompt(dialog).fill(long.slice(0, 400_000));
  await useFake(dialog);
  await page.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'hidden' });
  await context.close();
}, 60_000);

test('what is refused stands beside its field, folded or not', async () => {
  const { page, context } = await openPage(browser, gluon);
  const dialog = await openDialog(page);
  await dialog.getByRole('button', { name: 'Queue run' }).click();
  await dialog.getByText('Choose a project.').waitFor();
  await dialog.getByText('Say what the agent should do.').waitFor();
  await chooseProject(page, dialog, 'web-app');
  await prompt(dialog).fill('say refused once');
  await useFake(dialog);
  await dialog.getByLabel('Base branch').fill('no-such-branch');
  await dialog.getByLabel('Cost cap, USD').fill('much');
  await page.keyboard.press('Control+Enter');
  await dialog.getByText('A number, such as 5 or 2.50.').waitFor();
  await dialog.getByLabel('Cost cap, USD').fill('2.50');
  await dialog.getByRole('button', { name: /^Model, base branch/ }).click();
  await page.keyboard.press('Control+Enter');
  // The folded part opens by itself.
  await dialog
    .getByRole('alert')
    .getByText(/no-such-branch/)
    .waitFor();
  expect(await dialog.getByLabel('Base branch').getAttribute('aria-invalid')).toBe('true');
  expect(await runsOf('refused once')).toEqual([]);
  await dialog.getByLabel('Base branch').fill('main');
  await page.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'hidden' });
  const [id = ''] = await runsOf('refused once');
  expect(await gluon.call('runs.get', { run: id })).toMatchObject({ max_cost_usd: 2.5, base_branch: 'main' });
  await context.close();
}, 60_000);

test('an answer that is lost is asked for again, and makes one run', async () => {
  const { page, context } = await openPage(browser, gluon);
  const dialog = await openDialog(page);
  await chooseProject(page, dialog, 'web-app');
  await prompt(dialog).fill('say only once');
  await useFake(dialog);
  let lost = 0;
  await page.route('**/api/runs', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue();
    lost += 1;
    // The server has done it; its answer does not come back.
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.keyboard.press('Control+Enter');
  await dialog.getByText(/cannot be reached/).waitFor();
  expect(await prompt(dialog).inputValue()).toBe('say only once');
  await dialog.getByRole('button', { name: 'Queue run' }).click();
  await page.getByText('Queued: say only once').waitFor();
  expect(lost).toBe(1);
  expect(await runsOf('only once')).toHaveLength(1);
  await context.close();
}, 60_000);

test('on a phone it is a sheet as wide as the window, with targets for a finger', async () => {
  const { page, context } = await openPage(browser, gluon, '/', { viewport: PHONE, touch: true });
  await page.getByRole('button', { name: 'New run' }).tap();
  const dialog = page.getByRole('dialog', { name: 'New run' });
  await dialog.waitFor();
  await eventually(async () => {
    const box = await dialog.boundingBox();
    return box !== null && box.x === 0 && box.width === PHONE.width && Math.round(box.y + box.height) === PHONE.height;
  }, 'the sheet stands at the bottom');
  const small = await dialog
    .getByRole('button')
    .evaluateAll((all) =>
      all.filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.textContent || each.getAttribute('aria-label')),
    );
  expect(small).toEqual([]);
  await dialog.getByRole('button', { name: /^Project/ }).tap();
  await page.getByRole('menuitemradio', { name: 'docs-site' }).tap();
  await prompt(dialog).fill('say from a phone');
  await useFake(dialog);
  await dialog.getByRole('button', { name: 'Queue run' }).tap();
  await page.getByText('Queued: say from a phone').waitFor();
  expect(await runsOf('from a phone')).toHaveLength(1);
  await context.close();
}, 60_000);
