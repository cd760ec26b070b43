/** Every view in both themes, on a screen and on a phone: no serious finding of axe. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { DESKTOP, type OpenedPage, openBrowser, openPage, PHONE } from './support/browser.ts';
import { liveRuns } from './support/live-runs.ts';
import type { Seeded } from './support/seed.ts';
import { type SeededGluon, startSeeded } from './support/seeded-gluon.ts';
import { addressed, settled, VIEWS } from './support/views.ts';

let browser: Browser;
let place: SeededGluon;
let gluon: Gluon;
let seeded: Seeded;

beforeAll(async () => {
  place = await startSeeded({}, { config: 'max_concurrent_runs: 5\n' });
  ({ gluon, seeded } = place);
  await liveRuns(gluon, seeded);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await place?.stop();
});

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: unknown; readonly html: string; readonly failureSummary?: string }[];
}

/** The rules of WCAG 2.2 A and AA, and what axe calls good practice; of what they find, what is serious or worse. */
async function seriousFindings(page: Page): Promise<string[]> {
  // Into the page from outside: its own policy would refuse a script.
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  )) as Finding[];
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html, failureSummary }) => `${id} at ${target}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}

describe.each([
  { theme: 'light', device: 'screen' },
  { theme: 'dark', device: 'screen' },
  // A phone has other layouts, but no other colours: one theme is enough there.
  { theme: 'dark', device: 'phone' },
] as const)('$theme, $device', ({ theme, device }) => {
  const look = { theme, viewport: device === 'phone' ? PHONE : DESKTOP, touch: device === 'phone' };
  let opened: OpenedPage;

  beforeAll(async () => {
    opened = await openPage(browser, gluon, '/', look);
  }, 120_000);

  afterAll(async () => {
    await opened?.context.close();
  });

  test.each(Object.entries(VIEWS))(
    '%s',
    async (_name, view) => {
      const { page, context } = view.signedOut === true ? await openPage(browser, gluon, view.path, { ...look, signedOut: true }) : opened;
      await page.goto(`${gluon.address}${addressed(view, seeded)}`);
      await settled(page);
      await view.act?.(page);
      expect(await seriousFindings(page)).toEqual([]);
      if (context !== opened.context) await context.close();
    },
    120_000,
  );
});

test('what is wrong is found: a picture without words, and letters one cannot read', async () => {
  const { page, context } = await openPage(browser, gluon, '/usage');
  await settled(page);
  await page.evaluate(
    `{ const one = document.createElement('p'); one.textContent = 'faint'; one.style.color = '#eee'; one.style.background = '#fff';
       const two = document.createElement('img'); two.src = '/icon-192.png'; document.querySelector('main').append(one, two); }`,
  );
  const found = await seriousFindings(page);
  expect(found.some((one) => one.startsWith('color-contrast'))).toBe(true);
  expect(found.some((one) => one.startsWith('image-alt'))).toBe(true);
  await context.close();
}, 60_000);
