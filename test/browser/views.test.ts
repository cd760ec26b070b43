/** Activity and doctor in a real browser. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { eventually, finished } from '../support/runs.ts';
import { openBrowser, openPage, PHONE } from './support/browser.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';

let browser: Browser;
let place: SeededGluon;
let gluon: Gluon;

beforeAll(async () => {
  place = await startSeeded();
  ({ gluon } = place);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

test('what happens is told as it happens, with the run beside it, each event once', async () => {
  const { page, context, errors } = await openPage(browser, gluon, '/activity');
  await page.getByRole('feed').getByText('is up').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const run = await finished(gluon, 'infra', 'write a.txt one\ncommit Add a\nsay Done.', { title: 'Told as it happens' });
  const rows = page.getByRole('article').filter({ hasText: 'Told as it happens' });
  await rows.filter({ hasText: 'Review: Finished' }).waitFor();
  await rows.filter({ hasText: '1 commit came in' }).waitFor();
  for (const text of ['Submitted on', 'Attempt 1 started', 'Attempt 1 ended', 'Review: Finished']) {
    expect(await rows.filter({ hasText: text }).count(), text).toBe(1);
  }
  await rows.first().getByRole('link').click();
  await page.waitForURL(`**/runs/${run.id}*`);
  expect(errors).toEqual([]);
  await context.close();
}, 120_000);

test('filters narrow the feed, also for what comes in while they are set', async () => {
  const { page, context } = await openPage(browser, gluon, '/activity');
  const rows = page.getByRole('article').filter({ has: page.locator('time') });
  await rows.first().waitFor();
  await page.getByLabel('Kind of event').selectOption('setting.changed');
  await page.getByText('No event fits these filters').waitFor();
  await gluon.call('settings.set', { key: 'rescue_days', value: 15 });
  await rows.filter({ hasText: 'rescue_days' }).waitFor();
  await finished(gluon, 'infra', 'say Done.', { title: 'Left out' });
  await gluon.call('settings.set', { key: 'rescue_days', value: 16 });
  await eventually(async () => (await rows.count()) === 2, 'both changes and nothing else');
  await page.getByLabel('Kind of event').selectOption('');
  await page.getByLabel('Project', { exact: true }).selectOption('infra');
  await rows.filter({ hasText: 'Left out' }).first().waitFor();
  expect(await rows.filter({ hasText: 'rescue_days' }).count()).toBe(0);
  await finished(gluon, 'infra', 'say Done.', { title: 'Comes in meanwhile' });
  await rows.filter({ hasText: 'Comes in meanwhile' }).first().waitFor();
  await context.close();
}, 120_000);

test('older events come when one scrolls, and few of them are drawn', async () => {
  for (let number = 0; number < 130; number += 1) await gluon.call('settings.set', { key: 'rescue_days', value: 20 + number });
  const { page, context } = await openPage(browser, gluon, '/activity');
  const feed = page.getByRole('feed');
  await feed.getByText('rescue_days').first().waitFor();
  await feed.hover();
  await eventually(
    async () => {
      await page.mouse.wheel(0, 4_000);
      return (await feed.getByText('is up').count()) > 0;
    },
    'the oldest event',
    30_000,
  );
  expect(await page.getByRole('article').count()).toBeLessThan(80);
  await context.close();
}, 120_000);

test('the doctor says what it found, examines again, and shows the walls that can be had', async () => {
  const { page, context } = await openPage(browser, gluon, '/doctor');
  const found = await gluon.call('system.doctor', {});
  for (const { title } of found.findings) await page.getByRole('listitem').filter({ hasText: title }).first().waitFor();
  const { levels } = await gluon.call('system.sandbox', {});
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Sandbox levels' }) });
  expect(await panel.getByRole('listitem').count()).toBe(Object.keys(levels).length);
  const again = page.getByRole('button', { name: 'Run again' });
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/doctor'));
  await again.click();
  expect((await answer).status()).toBe(200);
  const fixable = found.findings.filter((finding) => finding.fixable).length;
  expect(await page.getByRole('button', { name: /^Fix/ }).isDisabled()).toBe(fixable === 0);
  await context.close();
}, 120_000);

test.each(['/usage', '/activity', '/settings', '/projects', '/projects?project=web-app', '/doctor'])(
  'on a phone %s is no wider than the screen and what is touched is large enough',
  async (path) => {
    const { page, context } = await openPage(browser, gluon, path, { viewport: PHONE, touch: true });
    await page.getByRole('main').getByRole('heading').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate('document.scrollingElement.scrollWidth <= innerWidth')).toBe(true);
    const small = await page
      .getByRole('main')
      .locator('button, select, input:not([type=checkbox]):not([type=radio])')
      .evaluateAll((all) =>
        all
          .map((one) => ({ name: one.getAttribute('aria-label') ?? one.textContent, height: one.getBoundingClientRect().height }))
          .filter(({ height }) => height > 0 && height < 43.5)
          .map(({ name, height }) => `${name} ${height}`),
      );
    expect(small).toEqual([]);
    await context.close();
  },
  120_000,
);
