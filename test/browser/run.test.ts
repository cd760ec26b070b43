/** The run view in a real browser: live work, answers, messages to the agent, actions, and what happens when something is not there. */
import { rm } from 'node:fs/promises';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import { eventually, submit, untilSaid, untilSettled } from '../support/runs.ts';
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
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

const project = (index: number): string => seeded.projects[index]?.name ?? '';
const transcript = (page: Page) => page.getByRole('region', { name: 'Transcript' });
const said = (page: Page, text: string) => transcript(page).getByText(text, { exact: true });
const status = (page: Page, word: string) => page.locator('.run-head').getByText(word, { exact: true }).first();

describe('a run that works', () => {
  test('shows words, calls and todos as they come, and its end', async () => {
    const run = await submit(
      gluon,
      project(0),
      'think Where to begin?\nsay I look at the code first.\ntodo Read, Write, Test\nrun echo printed; echo more\nask Scope | Which pages? | All | One\nsay All is done.',
      { title: 'Watch me' },
    );
    const { page, context, errors } = await openPage(browser, gluon, `/runs/${run.id}`);
    await said(page, 'I look at the code first.').waitFor();
    await transcript(page).getByText('echo printed; echo more').first().waitFor();
    const side = page.getByRole('complementary', { name: 'Facts of this run' });
    await side.getByText('0 of 3').waitFor();
    // The question stands in the transcript and opens the dialog.
    await transcript(page).getByText('Which pages?', { exact: true }).waitFor();
    await transcript(page).getByRole('button', { name: 'Answer' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: /One/ }).check();
    await page.keyboard.press('Control+Enter');
    await said(page, 'All is done.').waitFor();
    await status(page, 'Review').waitFor();
    await transcript(page).getByText('(chosen)').waitFor({ state: 'attached' });
    // Each thing once, whatever came live and was read besides.
    expect(await said(page, 'I look at the code first.').count()).toBe(1);
    expect(await said(page, 'All is done.').count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  }, 90_000);

  test('a call opens to its output and folds again; e does it for all', async () => {
    const run = await submit(gluon, project(1), 'run echo first output\nsay Between.\nrun echo second output\nsay The end.');
    await untilSettled(gluon, run.id);
    const { page, context } = await openPage(browser, gluon, `/runs/${run.id}`);
    const call = transcript(page).getByRole('button', { name: /Run echo first output/ });
    await call.waitFor();
    expect(await transcript(page).locator('.term').count()).toBe(0);
    await call.click();
    await transcript(page).locator('.term', { hasText: 'first output' }).waitFor();
    await call.click();
    await transcript(page).locator('.term').waitFor({ state: 'detached' });
    await page.keyboard.press('e');
    await eventually(async () => (await transcript(page).locator('.term').count()) === 2, 'both calls open');
    await page.keyboard.press('e');
    await eventually(async () => (await transcript(page).locator('.term').count()) === 0, 'both calls folded');
    await context.close();
  }, 60_000);

  test('a message is queued, changed, taken back; one that interrupts is heard at once', async () => {
    const run = await submit(gluon, project(2), 'say Begun.\nhang', { title: 'Hold on' });
    await untilSaid(gluon, run.id, 'Begun.');
    const { page, context } = await openPage(browser, gluon, `/runs/${run.id}`);
    const box = page.getByRole('combobox', { name: 'Message to the agent' });
    await box.fill('say Also the footer.');
    await page.keyboard.press('Control+Enter');
    const queued = page.getByRole('list', { name: 'Queued messages' });
    await queued.getByText('say Also the footer.').waitFor();
    expect(await box.inputValue()).toBe('');

    await queued.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Queued message' }).fill('say Also the header.');
    await queued.getByRole('button', { name: 'Save' }).click();
    await queued.getByText('say Also the header.').waitFor();
    await queued.getByRole('button', { name: 'Take the message back' }).click();
    await queued.waitFor({ state: 'detached' });
    const kept = await gluon.call('runs.follow_ups', { run: run.id });
    expect(kept.items.map(({ text, state }) => [text, state])).toEqual([['say Also the header.', 'withdrawn']]);

    await box.fill('say Heard at once.');
    await page.getByRole('button', { name: 'Interrupt, send now' }).click();
    await said(page, 'Heard at once.').waitFor();
    await untilSettled(gluon, run.id);
    await context.close();
  }, 90_000);

  test('stopping asks first and says what stays', async () => {
    const run = await submit(gluon, project(3), 'say Working.\nhang', { title: 'Stop me' });
    await untilSaid(gluon, run.id, 'Working.');
    const { page, context } = await openPage(browser, gluon, `/runs/${run.id}`);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('Stop “Stop me”?').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect((await gluon.call('runs.get', { run: run.id })).status).toBe('running');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await dialog.getByRole('button', { name: 'Stop the run' }).click();
    await status(page, 'Cancelled').waitFor();
    await page.getByRole('button', { name: 'Queue again' }).waitFor();
    await context.close();
  }, 60_000);
});

describe('a run that came to its end', () => {
  test('is resumed with a message, accepted, reopened, renamed and archived', async () => {
    const run = await submit(gluon, project(4), 'write a.txt one\ncommit First\nsay Ready.', { title: 'Through the doors' });
    await untilSettled(gluon, run.id);
    const { page, context } = await openPage(browser, gluon, `/runs/${run.id}`);
    await page.getByRole('combobox', { name: 'Message to the agent' }).fill('say Resumed.');
    await page
      .locator('.composer')
      .getByRole('button', { name: /Resume/ })
      .click();
    await said(page, 'Resumed.').waitFor();
    await untilSettled(gluon, run.id);
    await page.getByRole('button', { name: 'Accept' }).click();
    await status(page, 'Completed').waitFor();
    await page.getByRole('button', { name: 'Reopen' }).click();
    await status(page, 'Review').waitFor();

    await page.getByRole('button', { name: /Change the title/ }).click();
    await page.getByRole('textbox', { name: 'Title of the run' }).fill('A better name');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /A better name/ }).waitFor();
    await eventually(async () => (await gluon.call('runs.get', { run: run.id })).title === 'A better name', 'the new title');

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Archive' }).click();
    await eventually(async () => (await gluon.call('runs.get', { run: run.id })).archived, 'the archived run');
    await context.close();
  }, 90_000);

  test('every tab can be reached by key and shows what it holds', async () => {
    const run = await submit(gluon, project(5), 'say Said.\nrun echo to the log\nrun exit 3\nsay After.');
    await untilSettled(gluon, run.id);
    const { page, context, errors } = await openPage(browser, gluon, `/runs/${run.id}`);
    await said(page, 'After.').waitFor();
    const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) });
    const chosen = (name: string) => page.locator('[role="tab"][aria-selected="true"]', { hasText: name }).waitFor();
    await page.keyboard.press('1');
    await page.getByRole('region', { name: 'Output' }).getByText('echo to the log').waitFor();
    await page.keyboard.press('3');
    await chosen('Errors');
    await page.getByText('exit 3').first().waitFor();
    await page.keyboard.press('6');
    await page.getByText('No images yet').waitFor();
    await page.keyboard.press('7');
    await page.getByRole('table', { name: 'Attempts of this run' }).getByText('Finished').waitFor();
    await page.keyboard.press('2');
    await tab('Messages').focus();
    await page.keyboard.press('ArrowLeft');
    await chosen('Output');
    await page.keyboard.press('End');
    await chosen('History');
    expect(new URL(page.url()).searchParams.get('tab')).toBe('history');
    expect(errors).toEqual([]);
    await context.close();
  }, 60_000);

  test('an image that is pasted becomes an attachment, a file that is none is refused in its place', async () => {
    const run = await submit(gluon, project(0), 'say Ready.');
    await untilSettled(gluon, run.id);
    const { page, context } = await openPage(browser, gluon, `/runs/${run.id}`);
    const picker = page.locator('.composer input[type="file"]');
    await picker.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') });
    await page.locator('.composer').getByText('An agent takes PNG').waitFor();
    await picker.setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no image either') });
    await eventually(async () => (await page.locator('.composer').getByRole('alert').count()) === 2, 'two refusals');
    for (const name of ['notes.txt', 'broken.png']) await page.getByRole('button', { name: `Remove ${name}` }).click();
    await picker.setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') });
    await page.locator('.composer img').waitFor();
    await page.getByRole('combobox', { name: 'Message to the agent' }).fill('say I see it.');
    await page.keyboard.press('Control+Enter');
    await said(page, 'I see it.').waitFor();
    await transcript(page).getByRole('button', { name: 'Open the image' }).click();
    await page.getByRole('dialog').getByRole('img', { name: 'Attachment of the run' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^Attachments/ }).click();
    await page.getByText('1 × 1').waitFor();
    await context.close();
  }, 60_000);
});

test('output beyond measure is shown cut, and whole when somebody asks', async () => {
  const run = await submit(gluon, project(3), 'run seq 1 90000\nsay Counted.');
  await untilSettled(gluon, run.id);
  const { page, context, errors } = await openPage(browser, gluon, `/runs/${run.id}`);
  await transcript(page)
    .getByRole('button', { name: /Run seq 1 90000/ })
    .click();
  await transcript(page).getByText('This is cut: it is very long.').waitFor();
  await transcript(page).getByRole('button', { name: 'Show the whole of it' }).click();
  await transcript(page).getByRole('button', { name: 'Show 89,988 more lines' }).click();
  await transcript(page)
    .getByRole('button', { name: /Show less; 87,000 more lines/ })
    .waitFor();
  expect(errors).toEqual([]);
  await context.close();
}, 60_000);

describe('what is not there', () => {
  test('an unknown run, and one that is removed while it is open, say so', async () => {
    const { page, context } = await openPage(browser, gluon, `/runs/${'0'.repeat(32)}`);
    await page.getByText('There is no such run').waitFor();
    const path = await sampleRepository();
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    const { id } = await gluon.call('projects.add', { name: 'short-lived', path });
    const run = await submit(gluon, id, 'say Short life.');
    await untilSettled(gluon, run.id);
    await page.goto(`${gluon.address}/runs/${run.id.slice(0, 12)}`);
    await said(page, 'Short life.').waitFor();
    expect(page.url()).toContain(run.id);
    await page.getByRole('combobox', { name: 'Message to the agent' }).fill('Not sent yet');
    await gluon.call('runs.move', { run: run.id, status: 'completed' });
    await gluon.call('projects.remove', { project: id });
    await page.getByText('This run was removed').waitFor();
    await context.close();
  }, 60_000);

  test('a draft outlives a reload and a lost connection', async () => {
    const run = seeded.runs['Show and revoke active sessions'] ?? '';
    const { page, context } = await openPage(browser, gluon, '/list');
    let away = false;
    const open = new Set<WebSocketRoute>();
    await page.routeWebSocket(/\/api\/ws$/, (route) => {
      if (away) void route.close({ code: 4000 });
      else {
        open.add(route);
        route.connectToServer();
      }
    });
    await page.goto(`${gluon.address}/runs/${run}`);
    const box = page.getByRole('combobox', { name: 'Message to the agent' });
    await box.fill('Half a thought');
    await page.reload();
    await eventually(async () => (await box.inputValue()) === 'Half a thought', 'the draft');
    away = true;
    for (const route of open) await route.close({ code: 4000 });
    await page.getByText('Offline, kept as a draft').waitFor();
    await page.getByText('I will start from the plan').waitFor();
    away = false;
    await page.getByText('Offline, kept as a draft').waitFor({ state: 'detached' });
    expect(await box.inputValue()).toBe('Half a thought');
    await context.close();
  }, 60_000);
});

test('a phone has one column, targets for fingers, and the facts in a drawer', async () => {
  const run = seeded.runs['Show and revoke active sessions'] ?? '';
  const { page, context } = await openPage(browser, gluon, `/runs/${run}`, { viewport: PHONE, touch: true });
  await transcript(page).getByText('The page lists the sessions.').first().waitFor();
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
  const small = await page
    .locator('.run-view :is(button, a, [role="tab"]):visible')
    .evaluateAll((all) =>
      all
        .filter((one) => one.getBoundingClientRect().height < 43.5 && one.closest('.markdown, .queued, .term') === null)
        .map((one) => one.getAttribute('aria-label') ?? one.textContent),
    );
  expect(small).toEqual([]);
  await page.getByRole('button', { name: 'Show the side panel' }).click();
  await page.getByRole('complementary', { name: 'Facts of this run' }).getByText('Sandbox').waitFor();
  await page.getByRole('button', { name: 'Close the side panel' }).last().click();
  await page.getByRole('complementary', { name: 'Facts of this run' }).waitFor({ state: 'detached' });
  await context.close();
}, 60_000);

const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
