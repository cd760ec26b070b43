/**
 * Pictures of the page. Without arguments: the few that the README shows, into docs/screenshots. With `--all FOLDER [VIEW …]`: every view
 * (or those named) at three sizes in both themes, to look at. Needs `npm run build` and Chromium (`GLUON_TEST_CHROMIUM`).
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { DESKTOP, openBrowser, openPage, PHONE, type Viewport } from './support/browser.ts';
import { liveRuns } from './support/live-runs.ts';
import { type Seeded, seedHome } from './support/seed.ts';
import { seedUsage } from './support/seed-usage.ts';

interface View {
  /** `:sessions` stands for the run with the varied transcript. */
  readonly path: string;
  readonly signedOut?: boolean;
  /** What a person does before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const VIEWS: Readonly<Record<string, View>> = {
  board: { path: '/' },
  panel: { path: '/?run=:sessions' },
  list: { path: '/list' },
  run: { path: '/runs/:sessions' },
  files: { path: '/runs/:sessions?tab=files' },
  activity: { path: '/activity' },
  usage: { path: '/usage' },
  projects: { path: '/projects' },
  project: { path: '/projects?project=web-app' },
  settings: { path: '/settings' },
  doctor: { path: '/doctor' },
  login: { path: '/', signedOut: true },
  'new-run': { path: '/', act: (page) => page.keyboard.press('n') },
  palette: { path: '/', act: (page) => page.keyboard.press('Control+k') },
  shortcuts: { path: '/', act: (page) => page.keyboard.press('?') },
  question: { path: '/', act: (page) => page.keyboard.press('a') },
};
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
  const { page, context, errors } = await openPage(browser, server, addressed(view.path, seeded), {
    viewport: size,
    theme,
    touch: size.width < 640,
    signedOut: view.signedOut ?? false,
  });
  try {
    await page.getByRole('main').waitFor();
    await page.waitForLoadState('networkidle');
    await view.act?.(page);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    await page.waitForTimeout(SETTLE_MS);
    const file = join(folder, `${name}-${size.width}-${theme}.png`);
    await page.screenshot({ path: file });
    process.stdout.write(`${file}\n`);
    for (const error of errors) process.stderr.write(`${name} ${size.width} ${theme}: ${error}\n`);
  } finally {
    await context.close();
  }
}

function addressed(path: string, { runs }: Seeded): string {
  return path.replace(':sessions', runs['Show and revoke active sessions'] ?? '');
}
