/** The page as an app: installable, started without its server, told of a new version, woken by the push service. */
import { appendFile, cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page, type Worker } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { eventually } from '../support/runs.ts';
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

/** The worker runs, and has kept the files of the page. */
async function workerOf(page: Page): Promise<Worker> {
  const state = await page.evaluate('navigator.serviceWorker.ready.then((registration) => registration.active.state)');
  expect(['activating', 'activated']).toContain(state);
  return eventually(async () => page.context().serviceWorkers()[0], 'the service worker');
}

test('can be installed: manifest, icons and worker satisfy the browser', async () => {
  const profile = await temporaryFolder('profile');
  // A browser installs nothing from a private window, which every other context is.
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.GLUON_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto((await gluon.call('auth.login_link', {})).url);
    await page.getByRole('main').waitFor();
    await workerOf(page);
    const tools = await context.newCDPSession(page);
    const { installabilityErrors } = await tools.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
    const manifest = await tools.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    const { icons } = JSON.parse(manifest.data ?? '{}') as { icons: { src: string; sizes: string; purpose?: string }[] };
    expect(icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
    for (const { src, sizes } of icons) {
      const size = await page.evaluate(
        `new Promise((resolve) => { const image = new Image(); image.onload = () => resolve(image.naturalWidth + 'x' + image.naturalHeight); image.onerror = () => resolve('broken'); image.src = ${JSON.stringify(src)}; })`,
      );
      expect(size).toBe(sizes);
    }
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}, 90_000);

test('started without a server it says so, and goes on by itself when the server is there', async () => {
  const own = await startSeeded();
  let second: Gluon | null = null;
  try {
    const { page, context } = await openPage(browser, own.gluon, '/list');
    await workerOf(page);
    await own.gluon.kill();
    await page.goto(`${own.gluon.address}/list`);
    await page.getByText(/^Offline since/).waitFor();
    await page.getByText('gluon up').waitFor();
    second = await startGluon({ home: own.gluon.home, environment: { GLUON_PORT: new URL(own.gluon.address).port } });
    await page.getByRole('heading', { name: 'List', level: 1 }).waitFor();
    await context.close();
  } finally {
    await second?.stop();
    await own.stop();
  }
}, 120_000);

test('answers of the API are not kept by the worker', async () => {
  const { page, context } = await openPage(browser, gluon);
  await workerOf(page);
  const kept = (await page.evaluate(`(async () => {
    const urls = [];
    for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) urls.push(new URL(url).pathname);
    return urls;
  })()`)) as string[];
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.filter((path) => path.startsWith('/api'))).toEqual([]);
  await context.close();
}, 60_000);

test('a new version is told and waits until it is wanted; drafts outlive it', async () => {
  const installation = await ownInstallation();
  const home = await temporaryFolder('updated');
  const updated = await startGluon({ home, bin: join(installation, 'bin', 'gluon') });
  try {
    await updated.call('projects.add', { name: 'web-app', path: place.seeded.projects[2]?.path ?? '' });
    const { page, context } = await openPage(browser, updated);
    await workerOf(page);
    // A worker answers the page from its next start on.
    await page.reload();
    await page.getByRole('main').waitFor();
    await page.keyboard.press('n');
    const prompt = page.getByRole('combobox', { name: 'Prompt' });
    await prompt.fill('typed before the update');
    await page.getByText('Draft kept').waitFor();
    await page.keyboard.press('Escape');

    await newVersion(installation);
    await page.evaluate('navigator.serviceWorker.getRegistration().then((registration) => registration.update())');
    await page.getByText('A new version is ready.').waitFor();
    const before = await page.evaluate('performance.timeOrigin');
    await page.getByRole('button', { name: 'Reload' }).click();
    await eventually(
      async () => (await page.evaluate('performance.timeOrigin').catch(() => before)) !== before,
      'the page is loaded again',
      20_000,
    );
    await page.getByRole('main').waitFor();
    expect(await page.getByText('A new version is ready.').count()).toBe(0);
    await page.keyboard.press('n');
    await prompt.waitFor();
    expect(await prompt.inputValue()).toBe('typed before the update');
    await context.close();
  } finally {
    await updated.stop();
    await rm(installation, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  }
}, 120_000);

test('a push is shown while nobody looks at the page, and not while somebody does; a click leads to the run', async () => {
  const { page, context } = await openPage(browser, gluon);
  await context.grantPermissions(['notifications'], { origin: gluon.address });
  const worker = await workerOf(page);
  const run = place.seeded.runs['Rotate signing keys without downtime'] ?? '';
  const push = await pusher(context, page);
  const shown = (): Promise<string[]> =>
    worker.evaluate('self.registration.getNotifications().then((all) => all.map((one) => one.title))') as Promise<string[]>;

  const looks =
    'self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => pages.some(({ focused }) => focused))';
  await page.bringToFront();
  await eventually(async () => (await worker.evaluate(looks)) === true, 'somebody looks at the page');
  await push(JSON.stringify({ title: 'Seen on the page', run_id: run, tag: 'gluon-1' }));
  // The worker is asked the same behind it: then the push was answered.
  expect(await worker.evaluate(looks)).toBe(true);
  await page.goto('about:blank');
  await push(JSON.stringify({ title: 'Review: Rotate signing keys', run_id: run, tag: 'gluon-2' }));
  await eventually(async () => (await shown()).includes('Review: Rotate signing keys'), 'the notification is shown');
  await push('not from this server');
  await eventually(async () => (await shown()).includes('Something happened in Gluon'), 'what cannot be read is shown as that');
  expect(await shown()).not.toContain('Seen on the page');

  await page.goto(gluon.address);
  await page.getByRole('main').waitFor();
  await worker.evaluate(`self.registration.getNotifications().then((all) => {
    const notification = all.find(({ title }) => title.startsWith('Review'));
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  })`);
  await page.waitForURL(`**/runs/${run}`);
  await context.close();
}, 60_000);

/** Hands text to the worker as the browser's push service would. */
async function pusher(context: BrowserContext, page: Page): Promise<(data: string) => Promise<void>> {
  const tools = await context.newCDPSession(page);
  let registrationId = '';
  tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registrationId = registrations[0]?.registrationId ?? registrationId;
  });
  await tools.send('ServiceWorker.enable');
  await eventually(async () => registrationId !== '', 'the registration is known');
  return async (data) => {
    await tools.send('ServiceWorker.deliverPushMessage', { origin: gluon.address, registrationId, data });
  };
}

/** A copy of this installation whose files may change. */
async function ownInstallation(): Promise<string> {
  const root = dirname(dirname(BIN));
  const folder = await temporaryFolder('installation');
  await mkdir(join(folder, 'node_modules'));
  for (const name of ['bin', 'dist', 'package.json']) await cp(join(root, name), join(folder, name), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules')))
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  return folder;
}

/** The worker of a new version differs, and with it what it keeps. */
async function newVersion(installation: string): Promise<void> {
  const worker = join(installation, 'dist', 'web', 'service-worker.js');
  await appendFile(worker, '\n// another version\n');
  for (const end of ['.br', '.gz']) await rm(`${worker}${end}`, { force: true });
}
