/**
 * Pictures of the page. Without arguments: the few that the README shows, into docs/screenshots. With `--all FOLDER [VIEW …]`: every view
 * (or those named) at three sizes in both themes, to look at. Needs `npm run build` and Chromium (`GLUON_TEST_CHROMIUM`).
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { DESKTOP, openBrowser, openPage, PHONE, type Viewport } from './support/browser.ts';
import { liveRuns } from './support/live-runs.ts';
import { seedHome } from './support/seed.ts';
import { seedUsage } from './support/seed-usage.ts';
import { addressed, settled, VIEWS } from './support/views.ts';

const SIZES: readonly Viewport[] = [DESKTOP, { width: 1024, height: 768 }, PHONE];
const THEMES = ['light', 'dark'] as const;
/** For the README: view, size, theme. */
const SHOWN = [
  ['board', DESKTOP, 'light'],
  ['board', DESKTOP, 'dark'],
  ['run', DESKTOP, 'light'],
  ['files', DESKTOP, 'dark'],
  ['board', PHONE, 'dark'],
] as const;
/** Live figures and pictures of their own come after the first answer. */
const SETTLE_MS = 600;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { all: { type: 'string' } } });
const folder = values.all ?? join(import.meta.dirname, '..', '..', 'docs', 'screenshots');

await mkdir(folder, { recursive: true });
const home = await temporaryFolder('screenshots');
const seeded = await seedHome(home);
await seedUsage(home, seeded);
const gluon = await startGluon({ home, config: 'max_concurrent_runs: 5\n' });
try {
  await liveRuns(gluon, seeded);
  const browser = await openBrowser();
  try {
    for (const [view, size, theme] of values.all === undefined ? SHOWN : everything()) {
      await shoot(browser, gluon, view, size, theme);
    }
  } finally {
    await browser.close();
  }
} finally {
  await gluon.stop();
  await rm(home, { recursive: true, force: true });
}

function everything(): [string, Viewport, 'light' | 'dark'][] {
  const names = positionals.length === 0 ? Object.keys(VIEWS) : positionals;
  return names.flatMap((name) => SIZES.flatMap((size) => THEMES.map((theme): [string, Viewport, 'light' | 'dark'] => [name, size, theme])));
}

async function shoot(browser: Browser, server: Gluon, name: string, size: Viewport, theme: 'light' | 'dark'): Promise<void> {
  const view = VIEWS[name];
  if (view === undefined) throw new Error(`There is no view "${name}". There are: ${Object.keys(VIEWS).join(', ')}.`);
  const { page, context, errors } = await openPage(browser, server, addressed(view, seeded), {
    viewport: size,
    theme,
    touch: size.width < 640,
    signedOut: view.signedOut ?? false,
  });
  try {
    await settled(page);
    await view.act?.(page);
    await page.waitForTimeout(SETTLE_MS);
    const file = join(folder, `${name}-${size.width}-${theme}.png`);
    await page.screenshot({ path: file });
    process.stdout.write(`${file}\n`);
    for (const error of errors) process.stderr.write(`${name} ${size.width} ${theme}: ${error}\n`);
  } finally {
    await context.close();
  }
}
