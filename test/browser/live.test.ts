/** The live connection of the page in a real browser: cut in the middle of a stream, dead without a word, a server that was away. */
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { eventually, submit, untilSettled } from '../support/runs.ts';
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

/** So high that every row of a short transcript is drawn. */
const TALL = { width: 1440, height: 6_000 };
const LINES = 60;
const numbers = Array.from({ length: LINES }, (_, index) => index + 1);
/** Begins, waits until it is answered, and then counts on. */
const script = numbers
  .map((line) => `say counted ${line} of ${LINES}\n${line === 1 ? 'ask Ready | Go on? | Yes | No' : 'sleep 0.1'}`)
  .join('\n');

async function letGo(run: string): Promise<void> {
  const question = await eventually(
    async () => (await gluon.call('runs.questions', { run })).items.find(({ state }) => state === 'open'),
    'the question whether to go on',
    30_000,
  );
  await gluon.call('questions.answer', { question: question.id, answers: { 1: 'Yes' } });
}

/** The cable between the page and the server. */
interface Cable {
  /** Connections that were opened. */
  opened: number;
  /** Frames of the server that reached the page, over all connections. */
  frames: number;
  /** Called for each frame of the server; false: it gets lost, and so does the connection. */
  passes: (frame: number) => boolean;
  /** Unplugged: whoever connects is thrown out. */
  down: boolean;
  cut(): Promise<void>;
  /** From here on nothing goes through the connections that are open, and no side is told. */
  deaden(): void;
}

/** A page that is signed in, with a cable that can be cut. */
async function wired(path: string): Promise<{ page: Page; cable: Cable; close: () => Promise<void> }> {
  const { page, context } = await openPage(browser, gluon, '/', { signedOut: true, viewport: TALL });
  const open = new Map<WebSocketRoute, WebSocketRoute>();
  const dead = new Set<WebSocketRoute>();
  const cable: Cable = {
    opened: 0,
    frames: 0,
    passes: () => true,
    down: false,
    deaden() {
      for (const route of open.keys()) dead.add(route);
    },
    async cut() {
      for (const [route, server] of open) {
        open.delete(route);
        await Promise.all([route.close({ code: 4000 }), server.close()]);
      }
    },
  };
  await page.routeWebSocket(/\/api\/ws$/, (route) => {
    if (cable.down) {
      void route.close({ code: 4000 });
      return;
    }
    cable.opened += 1;
    const server = route.connectToServer();
    open.set(route, server);
    route.onMessage((message) => {
      if (!dead.has(route)) server.send(message);
    });
    server.onMessage((message) => {
      if (dead.has(route)) return;
      cable.frames += 1;
      if (cable.passes(cable.frames)) route.send(message);
      else void cable.cut();
    });
  });
  const { url } = await gluon.call('auth.login_link', {});
  await page.goto(url);
  await page.getByRole('main').waitFor();
  await page.goto(`${gluon.address}${path}`);
  await page.getByRole('main').waitFor();
  return { page, cable, close: () => context.close() };
}

/** What the agent has counted, as the page shows it, in its order. */
async function counted(page: Page): Promise<number[]> {
  const texts = await page.getByRole('region', { name: 'Transcript' }).locator('[data-seq]').allTextContents();
  return texts.flatMap((text) => {
    // The prompt holds all lines: only what the agent said is one alone.
    const found = [...text.matchAll(/counted (\d+) of/g)];
    return found.length === 1 ? [Number(found[0]?.[1])] : [];
  });
}

async function shownToTheEnd(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Transcript' }).getByText(`counted ${LINES} of ${LINES}`, { exact: true }).last().waitFor();
}

test('cut again and again in the middle of a stream: each line once, in its order', async () => {
  const run = await submit(gluon, 'web-app', script, { title: 'Counts' });
  const { page, cable, close } = await wired(`/runs/${run.id}`);
  await page.getByRole('region', { name: 'Transcript' }).getByText('counted 1 of').last().waitFor();
  const cuts = new Set([8, 20, 32, 44].map((after) => cable.frames + after));
  cable.passes = (frame) => !cuts.has(frame);
  await letGo(run.id);
  await untilSettled(gluon, run.id, 60_000);
  await shownToTheEnd(page);
  await page.getByText('Live', { exact: true }).waitFor();
  expect(cable.opened).toBeGreaterThanOrEqual(3);
  expect(await counted(page)).toEqual(numbers);
  await close();
}, 120_000);

test('unplugged while work goes on: the page says so, and shows afterwards what happened', async () => {
  const { page, cable, close } = await wired('/');
  await page.locator('section[data-column="review"]').waitFor();
  cable.down = true;
  await cable.cut();
  await page.getByText(/^Offline since/).waitFor();
  const run = await submit(gluon, 'web-app', 'say quietly done', { title: 'Happened meanwhile' });
  await untilSettled(gluon, run.id, 30_000);
  expect(await page.locator(`[data-run="${run.id}"]`).count()).toBe(0);
  cable.down = false;
  await page.locator(`section[data-column="review"] [data-run="${run.id}"]`).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await close();
}, 90_000);

test('dead without a word: found out when the page is looked at again, and nothing is lost', async () => {
  const run = await submit(gluon, 'web-app', script, { title: 'Counts in the dark' });
  const { page, cable, close } = await wired(`/runs/${run.id}`);
  await page.getByRole('region', { name: 'Transcript' }).getByText('counted 1 of').last().waitFor();
  const { opened } = cable;
  cable.deaden();
  await letGo(run.id);
  await untilSettled(gluon, run.id, 60_000);
  expect(cable.opened).toBe(opened);
  expect(await counted(page)).toEqual([1]);
  await page.evaluate("dispatchEvent(new Event('online'))");
  await shownToTheEnd(page);
  expect(cable.opened).toBe(opened + 1);
  expect(await counted(page)).toEqual(numbers);
  await close();
}, 120_000);

test('two browsers at once see the same run to its end', async () => {
  const run = await submit(gluon, 'web-app', script, { title: 'Watched twice' });
  const [one, other] = await Promise.all([
    openPage(browser, gluon, `/runs/${run.id}`, { viewport: TALL }),
    openPage(browser, gluon, `/runs/${run.id}`, { viewport: TALL }),
  ]);
  await letGo(run.id);
  await untilSettled(gluon, run.id, 60_000);
  for (const { page, context, errors } of [one, other]) {
    await shownToTheEnd(page);
    expect(await counted(page)).toEqual(numbers);
    expect(errors).toEqual([]);
    await context.close();
  }
}, 120_000);

test('a server that was away and begins a new life: the page comes back by itself and shows what is', async () => {
  const own = await startSeeded();
  let second: Gluon | null = null;
  try {
    const { page, context } = await openPage(browser, own.gluon);
    const run = own.seeded.runs['Rotate signing keys without downtime'] ?? '';
    await page.locator(`section[data-column="review"] [data-run="${run}"]`).waitFor();
    await own.gluon.kill();
    await page.getByText(/^Offline since/).waitFor();
    // What can be read stays.
    expect(await page.locator(`[data-run="${run}"]`).isVisible()).toBe(true);
    second = await startGluon({ home: own.gluon.home, environment: { GLUON_PORT: new URL(own.gluon.address).port } });
    expect(second.address).toBe(own.gluon.address);
    await second.call('runs.move', { run, status: 'completed' });
    await page.locator(`section[data-column="completed"] [data-run="${run}"]`).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await context.close();
  } finally {
    await second?.stop();
    await own.stop();
  }
}, 120_000);

test('a session that ends while the connection is gone: the door comes by itself, what was typed stays below it', async () => {
  const { page, cable, close } = await wired('/');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New run' });
  await dialog.getByRole('combobox', { name: 'Prompt' }).fill('typed before the end');
  // Ended elsewhere; this page does not know.
  const ended = await page.context().request.post(`${gluon.address}/api/auth/logout`, {
    headers: { origin: gluon.address, 'x-gluon-csrf': await csrfOf(page) },
    data: {},
  });
  expect(ended.status()).toBe(200);
  cable.down = true;
  await cable.cut();
  const door = page.getByRole('dialog', { name: 'Your session has ended' });
  await door.waitFor();
  cable.down = false;
  await door.getByLabel('Token').fill(gluon.token);
  await door.getByRole('button', { name: 'Sign in' }).click();
  await door.waitFor({ state: 'detached' });
  expect(await dialog.getByRole('combobox', { name: 'Prompt' }).inputValue()).toBe('typed before the end');
  await page.getByText('Live', { exact: true }).waitFor();
  await close();
}, 120_000);

async function csrfOf(page: Page): Promise<string> {
  const answer = await page.context().request.get(`${gluon.address}/api/auth/session`);
  return ((await answer.json()) as { csrf: string }).csrf;
}
