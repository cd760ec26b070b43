/** Files and Commits of a run in a real browser: what is drawn of a change, comments that go to the agent, content that is hostile. */
import { chmodSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { git, sampleRepository, writeFiles } from '../support/repository.ts';
import { eventually, finished, submit, untilSettled } from '../support/runs.ts';
import { DESKTOP, openBrowser, openPage, type PageOptions, PHONE } from './support/browser.ts';
import { type SeededChange, seedChange } from './support/seed-change.ts';

const MARKUP = 'x"><img src=x onerror=alert(1)>.html';
const lines = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, index) => `${of(index)}\n`).join('');
/** Removed at the end. */
const folders: string[] = [];
let browser: Browser;
let gluon: Gluon;
let every: SeededChange;
let nothing: SeededChange;

beforeAll(async () => {
  const home = await temporaryFolder('changes');
  every = await seedChange(home, 'Every kind of change', BEFORE, change);
  nothing = await seedChange(home, 'Nothing at all', { 'a.txt': 'a\n' }, async () => {});
  folders.push(home, every.repository, nothing.repository);
  gluon = await startGluon({ home });
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await gluon?.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function project(files?: Record<string, string>): Promise<string> {
  const repository = await sampleRepository(files);
  folders.push(repository);
  return repository;
}

const BEFORE = {
  'src/server/sessions.ts': "export function revoke(id: string) {\n  if (!session) throw new NotFound('session');\n}\n",
  'src/ui/table.ts': lines(60, (index) => `export const row${index} = ${index};`),
  'crlf.txt': 'a\nb\n',
  'kind.txt': 'x\n',
  'large.json': '{}\n',
  'old.txt': lines(30, (index) => `line ${index}`),
  'run.sh': '#!/bin/sh\n',
  'wide.txt': 'x\n',
};

async function change(repository: string): Promise<void> {
  const at = (name: string) => join(repository, name);
  await writeFiles(repository, {
    'src/server/sessions.ts':
      "export function revoke(id: string) {\n  // it is his own\n  if (!session || session.userId !== id) throw new NotFound('session');\n}\n",
  });
  await git(repository, 'add', '--all');
  await git(repository, 'commit', '--quiet', '--message', 'Check the owner <script>alert(1)</script>');
  await writeFiles(repository, {
    'src/ui/table.ts': lines(60, (index) => (index === 50 ? 'export const changed = true;' : `export const row${index} = ${index};`)),
    'crlf.txt': 'a\r\nb\n',
    'empty.txt': '',
    'large.json': lines(2_500, (index) => `{"line": ${index}}`),
    'wide.txt': `${'wide '.repeat(2_000)}\n`,
    'src/a\u202Etxt.exe.ts': 'const admin = "\u202E // no";\n',
    [MARKUP]: '<script>alert(1)</script><img src=x onerror=alert(1)>\n',
  });
  chmodSync(at('run.sh'), 0o755);
  renameSync(at('old.txt'), at('new name.txt'));
  unlinkSync(at('kind.txt'));
  symlinkSync('run.sh', at('kind.txt'));
  writeFileSync(at('logo.png'), Uint8Array.from([0, 1, 2, 255]));
  writeFileSync(Buffer.concat([Buffer.from(at('caf')), Buffer.from([0xe9])]), Uint8Array.from([0x61, 0xff, 0xfe, 10]));
}

async function opened(
  run: string,
  tab: 'files' | 'commits',
  options: PageOptions = {},
): Promise<{ page: Page; close: () => Promise<void> }> {
  const { page, context, errors, foreign } = await openPage(browser, gluon, '/', options);
  // The side panel stays closed: the diff has all the room.
  await page.evaluate(() => localStorage.setItem('gluon.run-side', 'off'));
  await page.goto(`${gluon.address}/runs/${run}?tab=${tab}`);
  await page.getByRole('tabpanel').waitFor();
  return {
    page,
    close: async () => {
      expect(foreign).toEqual([]);
      expect(errors.filter((text) => !text.includes('404') && !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
      await context.close();
    },
  };
}

const diff = (page: Page): Locator => page.getByRole('region', { name: 'Diff' });
const files = (page: Page): Locator => page.getByRole('tree', { name: 'Changed files' });
const inTree = (page: Page, name: string): Locator => files(page).getByRole('treeitem').filter({ hasText: name });
const head = (page: Page, name: string): Locator => diff(page).locator('.file-head').filter({ hasText: name });
const sendBar = (page: Page): Locator => page.getByRole('region', { name: 'Comments to send' });
async function goTo(page: Page, name: string): Promise<void> {
  await inTree(page, name).first().click();
  await head(page, name).first().waitFor();
}

test('every kind of change is drawn as what it is, and nothing of it as markup', async () => {
  const { page, close } = await opened(every.run, 'files');
  await page.exposeFunction('alert', () => {
    throw new Error('it ran');
  });
  await goTo(page, 'sessions.ts');
  // Words that differ are marked, code is coloured, old and new stand side by side.
  await diff(page).locator('mark.changed', { hasText: '|| session.userId !== id' }).waitFor();
  await diff(page).locator('.tok-k', { hasText: 'export' }).first().waitFor();
  expect(await diff(page).locator('.diff-line.split').count()).toBeGreaterThan(3);

  for (const [name, words] of [
    ['new name.txt', 'Renamed. The content is the same.'],
    ['run.sh', 'Only the permissions changed.'],
    ['empty.txt', 'No line changed.'],
    ['logo.png', 'Binary file.'],
    ['large.json', '2,501 changed lines. Large files stay folded.'],
  ] as const) {
    await goTo(page, name);
    await diff(page).getByText(words).waitFor();
  }
  await diff(page).getByRole('button', { name: 'Show the diff' }).click();
  await diff(page).getByText('{"line": 3}').waitFor();

  await goTo(page, 'caf\\351');
  await diff(page).getByText('a\uFFFD\uFFFD').waitFor();
  await goTo(page, 'kind.txt');
  await diff(page).getByText('file → link').waitFor();
  await goTo(page, 'crlf.txt');
  await diff(page).locator('.unseen', { hasText: 'U+000D' }).waitFor();
  await goTo(page, 'wide.txt');
  await diff(page).getByRole('button', { name: 'Show all 10,000 characters' }).click();
  await eventually(async () => (await diff(page).getByText('Show all 10,000').count()) === 0, 'the line is whole');

  await goTo(page, 'a\\u{202e}txt.exe.ts');
  await diff(page).locator('.unseen', { hasText: 'U+202E' }).waitFor();
  await goTo(page, MARKUP);
  await diff(page).getByText('<script>alert(1)</script><img src=x onerror=alert(1)>').waitFor();
  expect(await page.locator('img[src="x"], main script').count()).toBe(0);
  await close();
}, 90_000);

test('keys go from file to file, mark one as viewed for good, filter and search', async () => {
  const { page, close } = await opened(every.run, 'files');
  await head(page, 'txt.exe.ts').waitFor();
  const selected = () => files(page).getByRole('treeitem', { selected: true }).locator('bdi').textContent();
  const first = await selected();
  await page.keyboard.press(']');
  await eventually(async () => (await selected()) !== first, 'the next file');
  const second = await selected();
  expect(new URL(page.url()).searchParams.get('file')).toContain('/');
  await page.keyboard.press('[');
  await eventually(async () => (await selected()) === first, 'the file before');
  await page.keyboard.press(']');
  await page.keyboard.press('v');
  await page.getByText('1 of 13 viewed').waitFor();
  await page.reload();
  await page.getByText('1 of 13 viewed').waitFor();
  // The address led back to the file.
  await eventually(async () => (await selected()) === second, 'the file of the address');

  await page.keyboard.press('t');
  await page.keyboard.type('server sess');
  await eventually(async () => (await files(page).getByRole('treeitem').count()) === 3, 'two folders, one file');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('USERID');
  await page.getByRole('status').filter({ hasText: '1 of 1' }).waitFor();
  await diff(page).locator('mark.found-now').waitFor();
  await page.keyboard.press('Escape');
  await eventually(async () => (await page.getByRole('search').count()) === 0, 'the search is closed');

  // Split or unified is remembered.
  await page.getByText('Unified', { exact: true }).click();
  await diff(page).locator('.diff-line.uni').first().waitFor();
  await page.reload();
  await diff(page).locator('.diff-line.uni').first().waitFor();
  await close();
}, 90_000);

test('comments are drafts until they are added, open until they are sent, addressed when the line changes', async () => {
  const repository = await project({ 'app.ts': 'const a = 1;\nconst b = 2;\n' });
  await gluon.call('projects.add', { name: 'talk', path: repository });
  const { id } = await finished(gluon, 'talk', 'write app.ts const a = 1;\\nconst b = 3;\\nconst c = 4;\\n\ncommit Change it');
  const { page, close } = await opened(id, 'files');
  const line = diff(page).locator('.diff-half.add').filter({ hasText: 'const b = 3;' });

  await line.hover();
  await line.getByRole('button', { name: 'Comment on line 2, added' }).click();
  await page
    .getByLabel('Comment on line 2 of app.ts')
    .fill('write app.ts const a = 1;\\nconst b = 5;\\nconst c = 4;\\n\ncommit As you said');
  await page.reload();
  const box = page.getByLabel('Comment on line 2 of app.ts');
  await box.waitFor();
  expect(await box.inputValue()).toBe('write app.ts const a = 1;\\nconst b = 5;\\nconst c = 4;\\n\ncommit As you said');
  await box.press('Control+Enter');
  const bubble = page.getByRole('article', { name: /^Comment of/ });
  await bubble.getByText('Open', { exact: true }).waitFor();
  expect(await box.count()).toBe(0);
  // The keyboard alone: to the line, a second comment, changed, taken away.
  await page.keyboard.press('j');
  await page.keyboard.press('c');
  await page.locator('textarea:focus').fill('second');
  await page.keyboard.press('Control+Enter');
  await sendBar(page).getByText('2 comments', { exact: true }).waitFor();
  const second = bubble.filter({ hasText: 'second' });
  await second.getByRole('button', { name: 'More for the comment' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel(/^New text of the comment/).fill('second thought');
  await page.getByRole('button', { name: /^Save/ }).click();
  await bubble.filter({ hasText: 'second thought' }).getByRole('button', { name: 'More for the comment' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await sendBar(page).getByText('1 comment', { exact: true }).waitFor();

  // Offline nothing is lost, and it is said where it happened.
  await page.keyboard.press('k');
  await page.context().setOffline(true);
  await page.keyboard.press('c');
  await page.locator('textarea:focus').fill('while away');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').filter({ hasText: 'The text is kept here.' }).waitFor();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();

  await page.getByRole('button', { name: /^Send 1 comment/ }).click();
  await bubble.getByText('Sent', { exact: true }).waitFor();
  expect((await gluon.call('runs.comments', { run: id })).items.map(({ state }) => state)).not.toContain('open');
  // The run resumed with it, and the fake agent did what the comment said.
  await eventually(async () => (await gluon.call('runs.get', { run: id })).commit_count === 2, 'the second commit', 30_000);
  await untilSettled(gluon, id);
  await page.getByRole('button', { name: 'Show the newest' }).click();
  await bubble.getByText('Addressed', { exact: true }).waitFor();
  await diff(page).getByText('const b = 5;').waitFor();

  await page.getByText('Since last message', { exact: true }).click();
  await diff(page).locator('.diff-half.del').filter({ hasText: 'const b = 3;' }).waitFor();
  await close();
}, 120_000);

test('a comment of somebody else appears by itself', async () => {
  const { page, close } = await opened(every.run, 'files');
  await head(page, 'txt.exe.ts').waitFor();
  await gluon.call('runs.add_comment', { run: every.run, path: 'src/server/sessions.ts', line: 2, body: 'Whose own? <b>bold</b>' });
  await sendBar(page).getByText('1 comment', { exact: true }).waitFor();
  await goTo(page, 'sessions.ts');
  await diff(page).getByText('Whose own? <b>bold</b>').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await eventually(async () => (await page.getByRole('button', { name: 'Discard' }).count()) === 0, 'the bar is gone');
  expect((await gluon.call('runs.comments', { run: every.run })).items).toEqual([]);
  await close();
}, 60_000);

test('commits have their own diffs; a message is text', async () => {
  const { page, close } = await opened(every.run, 'commits');
  await page.getByRole('heading', { name: 'The rest of it' }).waitFor();
  await page.getByRole('button', { name: /Check the owner/ }).click();
  await page.getByRole('heading', { name: 'Check the owner <script>alert(1)</script>' }).waitFor();
  await diff(page).getByText('// it is his own').waitFor();
  expect(await diff(page).locator('.file-head').count()).toBe(1);
  expect(
    await diff(page)
      .getByRole('button', { name: /^Comment on/ })
      .count(),
  ).toBe(0);
  await close();
}, 60_000);

test('a run without a change says so', async () => {
  const { page, close } = await opened(nothing.run, 'files');
  await page.getByText('The run ended without a change to a file.').waitFor();
  await page.goto(`${gluon.address}/runs/${nothing.run}?tab=commits`);
  await page.getByRole('button', { name: /The rest of it/ }).waitFor();
  await page.getByText('This commit changes no file').waitFor();
  await close();
}, 60_000);

test('commits that come in while somebody reads are said, not pushed', async () => {
  const repository = await project();
  await gluon.call('projects.add', { name: 'going-on', path: repository });
  const { id } = await submit(
    gluon,
    'going-on',
    'write one.txt first\ncommit One\nask Go | Go on? | Yes | No\nwrite two.txt second\ncommit Two',
  );
  await gluon.until(id, (run) => run.open_question !== null, 'it asks', 30_000);
  const { page, close } = await opened(id, 'files');
  const [question] = (await gluon.call('runs.questions', { run: id })).items;
  await gluon.call('questions.answer', { question: question?.id ?? '', answers: { 'Go on?': ['Yes'] } });
  await untilSettled(gluon, id);
  const newest = page.getByRole('button', { name: 'Show the newest' });
  await eventually(async () => (await newest.count()) > 0 || (await head(page, 'two.txt').count()) > 0, 'it is said');
  if ((await newest.count()) > 0) await newest.click();
  await head(page, 'two.txt').waitFor();
  await close();
}, 90_000);

test('on a phone the tree is a drawer, lines are unified, a tap brings the comment button', async () => {
  const { page, close } = await opened(every.run, 'files', { viewport: PHONE, touch: true });
  await page.getByRole('button', { name: '13 files' }).tap();
  await inTree(page, 'sessions.ts').tap();
  await head(page, 'sessions.ts').first().waitFor();
  const line = diff(page).locator('.diff-half.add').filter({ hasText: '// it is his own' });
  await line.tap();
  const button = line.getByRole('button', { name: /^Comment on line 2/ });
  const box = await button.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  await button.tap();
  await page.getByLabel('Comment on line 2 of src/server/sessions.ts').waitFor();
  expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await close();
}, 60_000);

test('20,000 changed lines: all of them can be reached, few of them are in the page', async () => {
  const home = await temporaryFolder('changes-many');
  const many = await seedChange(home, 'Many lines', { 'README.md': '# many\n' }, async (repository) => {
    for (let file = 0; file < 20; file += 1) {
      await writeFiles(repository, {
        [`src/part-${file}.ts`]: lines(1_000, (index) => `export const value${index} = ${file * 1_000 + index};`),
      });
    }
  });
  folders.push(home, many.repository);
  const other = await startGluon({ home });
  try {
    const { page, context } = await openPage(browser, other, `/runs/${many.run}?tab=files`, { viewport: DESKTOP });
    await head(page, 'part-0.ts').waitFor();
    await inTree(page, 'part-19.ts').click();
    await diff(page).getByText('export const value0 = 19000;').waitFor();
    await eventually(async () => {
      await diff(page).evaluate((list) => list.scrollTo(0, list.scrollHeight));
      // The order of the tree is that of names: part-9 is the last.
      return (await diff(page).getByText('export const value999 = 9999;').count()) > 0;
    }, 'the last line');
    expect(await diff(page).locator('.diff-line').count()).toBeLessThan(200);
    await context.close();
  } finally {
    await other.stop();
  }
}, 120_000);
