/** The bell: counted live, read here and in another window, and the system's own notifications when the person wants them. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { finished } from '../support/runs.ts';
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

test('what ends is told on two pages; what one of them reads is read on both, and leads to the run', async () => {
  const [one, other] = await Promise.all([openPage(browser, gluon, '/usage'), openPage(browser, gluon)]);
  for (const { page } of [one, other]) await page.getByText('Live', { exact: true }).waitFor();
  const first = await finished(gluon, 'web-app', 'say done', { title: 'Is reviewed' });
  await finished(gluon, 'web-app', 'fail auth', { title: 'Is over' });
  for (const { page } of [one, other]) {
    await page.getByRole('button', { name: 'Notifications, 2 unread' }).waitFor();
    await page.getByText('Ready for review: Is reviewed').waitFor();
  }
  await one.page.getByRole('button', { name: 'Notifications, 2 unread' }).click();
  const list = one.page.getByRole('dialog', { name: 'Notifications' });
  await list.getByRole('button', { name: /Is reviewed/ }).click();
  await one.page.waitForURL(`**/runs/${first.id}`);
  await other.page.getByRole('button', { name: 'Notifications, 1 unread' }).click();
  const second = other.page.getByRole('dialog', { name: 'Notifications' });
  await second.getByText('Is over').waitFor();
  expect(
    await second
      .getByRole('button', { name: /Is reviewed/ })
      .getByText('unread')
      .count(),
  ).toBe(0);
  await second.getByRole('button', { name: 'Mark all as read' }).click();
  await one.page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  expect((await gluon.call('notifications.list', { unread: true })).items).toEqual([]);
  for (const { context, errors } of [one, other]) {
    expect(errors).toEqual([]);
    await context.close();
  }
}, 120_000);

test('notifications of the system are asked for by the switch alone, say what they can do, and outlive a reload', async () => {
  const { page, context } = await openPage(browser, gluon);
  // No browser of a test asks a push service: it is somewhere else.
  await page.route('**/api/push/key', (route) =>
    route.fulfill({ status: 503, json: { code: 'internal', detail: 'There is no push service.' } }),
  );
  expect(await page.evaluate('Notification.permission')).toBe('default');
  await page.getByRole('button', { name: /^Notifications/ }).click();
  const list = page.getByRole('dialog', { name: 'Notifications' });
  const wanted = list.getByRole('switch', { name: 'Notifications on this computer' });
  expect(await wanted.isChecked()).toBe(false);
  await context.grantPermissions(['notifications'], { origin: gluon.address });
  await wanted.click();
  await list.getByText('While a page of Gluon is open. There is no push service.').waitFor();
  expect(await wanted.isChecked()).toBe(true);
  await page.reload();
  await page.getByRole('button', { name: /^Notifications/ }).click();
  expect(await wanted.isChecked()).toBe(true);
  await wanted.click();
  await list.getByText(/The browser asks you first/).waitFor();
  await context.close();
}, 90_000);
