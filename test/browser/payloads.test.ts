/** Everything that somebody else writes is data: more than a hundred payloads in every place, through every view, in a real browser. */
import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { submit } from '../support/runs.ts';
import { type OpenedPage, openBrowser, openPage } from './support/browser.ts';
import { PAYLOADS } from './support/payloads.ts';
import { type SeededPayloads, seedPayloads } from './support/seed-payloads.ts';
import { settled } from './support/views.ts';

/** Scripts of the browser are text here: the types of a browser are not those of this program. */
const WATCH = `
  globalThis.ran = [];
  globalThis.refused = [];
  globalThis.alert = globalThis.confirm = globalThis.prompt = (mark) => void ran.push(String(mark));
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => refused.push(effectiveDirective + ' ' + blockedURI));`;
/** What no text of ours is ever turned into. */
const MARKUP = `[...document.querySelectorAll(
  'iframe, object, embed, applet, base, frame, portal, marquee, math, video, audio, [srcdoc], [formaction], form[action], ' +
  'meta[http-equiv], body script, svg script, a[href^="javascript" i], a[href^="data" i], a[href^="vbscript" i], a[href^="file" i], ' +
  'img[src*="invalid"], img[src="x"], [style*="invalid"]')]
  .concat([...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name }) => /^on/.test(name))))
  .map((one) => one.outerHTML.slice(0, 200))`;
const MARKS = `[...new Set((document.body.textContent ?? '').match(/zz\\d{3}zz/g) ?? [])]`;

const folders: string[] = [];
let browser: Browser;
let gluon: Gluon;
let seeded: SeededPayloads;
let opened: OpenedPage;
let page: Page;

beforeAll(async () => {
  const home = await temporaryFolder('payloads');
  folders.push(home);
  seeded = await seedPayloads(home);
  folders.push(...seeded.folders);
  gluon = await startGluon({ home });
  browser = await openBrowser();
  opened = await openPage(browser, gluon);
  ({ page } = opened);
  await page.addInitScript(WATCH);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await gluon?.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Nothing ran, nothing left, nothing became markup, and the policy had nothing to refuse. */
async function harmless(where: string): Promise<void> {
  expect(await page.evaluate('ran'), `${where}: ran`).toEqual([]);
  expect(await page.evaluate(MARKUP), `${where}: became markup`).toEqual([]);
  expect(await page.evaluate('refused'), `${where}: refused by the policy`).toEqual([]);
  expect(opened.foreign, `${where}: left`).toEqual([]);
}

async function visit(path: string): Promise<void> {
  await page.goto(`${gluon.address}${path}`);
  await settled(page);
}

/** Scrolls what scrolls until every mark was seen, at most so many pages of it. */
async function everyMark(selector: string, pages: number): Promise<Set<string>> {
  const seen = new Set<string>();
  const look = async () => {
    for (const mark of await page.evaluate<string[]>(MARKS)) seen.add(mark);
    // Rows go again when they are out of sight: what they became is looked at while they are there.
    expect(await page.evaluate(MARKUP)).toEqual([]);
  };
  await look();
  for (let turn = 0; turn < pages && seen.size < PAYLOADS.length; turn += 1) {
    await page.evaluate(
      `for (const one of document.querySelectorAll(${JSON.stringify(selector)})) one.scrollBy(0, one.clientHeight * 0.8)`,
    );
    await page.waitForTimeout(40);
    await look();
  }
  return seen;
}

test('positive control: without escaping and policy these payloads run and ask outside', async () => {
  const context = await browser.newContext();
  const asked: string[] = [];
  await context.route('**', (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  const bare = await context.newPage();
  await bare.addInitScript(WATCH);
  const ran = new Set<string>();
  let markup = 0;
  for (const { text } of PAYLOADS) {
    await bare.setContent(`<!doctype html><p>${text}</p>`, { waitUntil: 'commit' });
    await bare.waitForTimeout(30);
    for (const mark of await bare.evaluate<string[]>('globalThis.ran ?? []').catch(() => [])) ran.add(mark);
    if ((await bare.evaluate<string[]>(MARKUP).catch(() => [])).length > 0) markup += 1;
  }
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(100);
  expect(ran.size).toBeGreaterThan(10);
  expect(markup).toBeGreaterThan(50);
  expect(asked.filter((url) => url.includes('collector.invalid')).length).toBeGreaterThan(5);
  await context.close();
}, 120_000);

test('the board and the list: titles, branches, projects, models, outcomes', async () => {
  await visit('/');
  await page.locator('[data-run]').first().waitFor();
  expect((await everyMark('.col-body', 60)).size).toBe(PAYLOADS.length);
  await harmless('board');
  await visit('/list');
  expect((await everyMark('main *', 60)).size).toBe(PAYLOADS.length);
  await harmless('list');
}, 120_000);

test.each(['activity', 'usage', 'projects', 'settings', 'doctor'])(
  '%s',
  async (view) => {
    await visit(`/${view}`);
    await everyMark('main *', 12);
    await harmless(view);
  },
  60_000,
);

test('the transcript: every type of record with every payload', async () => {
  await visit(`/runs/${seeded.change.run}?seq=1`);
  await page
    .getByRole('tabpanel')
    .getByText(/zz\d{3}zz/)
    .first()
    .waitFor();
  await page.keyboard.press('e');
  const seen = await everyMark('main section, main div', 900);
  expect([...PAYLOADS].filter(({ mark }) => !seen.has(mark)).map(({ text }) => text)).toEqual([]);
  await harmless('transcript');
}, 300_000);

test.each(['output', 'errors', 'attachments', 'history'])(
  'the tab %s',
  async (tab) => {
    await visit(`/runs/${seeded.change.run}?tab=${tab}`);
    await everyMark('main *', 30);
    await harmless(tab);
  },
  60_000,
);

test('files and their lines, commits and their messages', async () => {
  await visit(`/runs/${seeded.change.run}?tab=files`);
  await page.locator('.diff-line').first().waitFor();
  expect((await everyMark('section[aria-label="Diff"]', 200)).size).toBe(PAYLOADS.length);
  await harmless('files');
  await visit(`/runs/${seeded.change.run}?tab=commits`);
  await page.getByRole('list', { name: 'Commits, newest first' }).waitFor();
  expect((await everyMark('ol', 60)).size).toBe(PAYLOADS.length);
  await harmless('commits');
}, 180_000);

test('what comes live: questions, notifications, comments, the palette, the new-run dialog', async () => {
  const project = (await gluon.call('projects.list', {})).items.find(({ path }) => path === seeded.folders[1]);
  const all = PAYLOADS.map(({ text }) => text.replace(/[|\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')).join(' ');
  const title = all.slice(0, 180);
  await gluon.call('runs.add_comment', {
    run: seeded.change.run,
    path: 'README.md',
    line: 1,
    body: all.slice(0, 19_000),
    line_text: all.slice(0, 900),
  });
  await visit('/');
  const { id } = await submit(
    gluon,
    project?.id ?? '',
    `ask ${PAYLOADS[12]?.text} | ${all.slice(0, 4_000)} | ${all.slice(0, 300)} | ${all.slice(300, 600)}\nrun echo ${JSON.stringify(all.slice(0, 200))}`,
    { title },
  );
  await gluon.until(id, (run) => run.open_question !== null, 'it asks', 30_000);
  await page.keyboard.press('a');
  await page
    .getByRole('dialog')
    .getByText(/zz\d{3}zz/)
    .first()
    .waitFor();
  await harmless('question');
  await visit('/');
  await page.keyboard.press('n');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('dialog').locator('textarea').first().fill(all);
  await harmless('new run');
  await page.keyboard.press('Escape');
  await visit('/');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('onerror');
  await page
    .getByRole('dialog')
    .getByText(/zz\d{3}zz/)
    .first()
    .waitFor();
  await harmless('palette');
  await page.keyboard.press('Escape');
  await page
    .getByRole('button', { name: /^Notifications/ })
    .first()
    .click();
  await harmless('notifications');
  await visit(`/runs/${seeded.change.run}?tab=files`);
  await page.getByRole('region', { name: 'Comments to send' }).waitFor();
  await everyMark('section[aria-label="Diff"]', 60);
  await harmless('comments');
}, 180_000);
