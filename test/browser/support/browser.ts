/** Debian's Chromium for tests of the page. Traffic goes to the server under test and nowhere else; everything else is refused and counted. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Gluon } from '../../support/gluon.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const WAIT_MS = 20_000;

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

export const DESKTOP: Viewport = { width: 1440, height: 900 };
export const PHONE: Viewport = { width: 390, height: 844 };

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that the page threw or that its console reported: a test ends with none, unless it expects them. */
  readonly errors: string[];
  /** Addresses outside the server that the page asked for. */
  readonly foreign: string[];
}

export interface PageOptions {
  readonly viewport?: Viewport;
  readonly theme?: 'light' | 'dark';
  /** A finger instead of a mouse. */
  readonly touch?: boolean;
  /** Leaves the page at the door. */
  readonly signedOut?: boolean;
  readonly reducedMotion?: boolean;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.GLUON_TEST_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
}

/** A browser context of its own, signed in, at `path`. */
export async function openPage(browser: Browser, gluon: Gluon, path = '/', options: PageOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: options.viewport ?? DESKTOP,
    colorScheme: options.theme ?? 'light',
    hasTouch: options.touch ?? false,
    isMobile: options.touch ?? false,
    reducedMotion: options.reducedMotion === false ? 'no-preference' : 'reduce',
    serviceWorkers: 'allow',
  });
  context.setDefaultTimeout(WAIT_MS);
  const foreign: string[] = [];
  await context.route(
    (url) => url.origin !== gluon.address && url.protocol !== 'blob:' && url.protocol !== 'data:',
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  if (options.signedOut !== true) {
    const { url } = await gluon.call('auth.login_link', {});
    await page.goto(url);
    await page.getByRole('main').waitFor();
    if (path !== '/') await page.goto(`${gluon.address}${path}`);
  } else await page.goto(`${gluon.address}${path}`);
  return { page, context, errors, foreign };
}
