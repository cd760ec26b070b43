/** The frame of the page in a real browser: rail, theme, scope, first steps, an ended session. */
import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import { openBrowser, openPage } from './support/browser.ts';

let browser: Browser;
let gluon: Gluon;
let repository: string | undefined;

beforeAll(async () => {
  gluon = await startGluon();
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await gluon?.stop();
  if (repository !== undefined) await rm(repository, { recursive: true, force: true });
});

test('an empty board teaches the next step, and follows when it is taken elsewhere', async () => {
  const { page, context, errors, foreign } = await openPage(browser, gluon);
  await page.getByText('gluon project add').waitFor();
  expect(await page.getByRole('link', { name: 'Add a project' }).getAttribute('href')).toContain('/projects');
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'first-project', path: repository });
  await page.getByText('No run yet').waitFor();
  const link = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'first-project' });
  await link.click();
  await page.getByText('No run in first-project yet').waitFor();
  await page.getByRole('button', { name: /^Project:/ }).click();
  await page.getByRole('menuitemradio', { name: 'All projects' }).click();
  await page.waitForURL((url) => !url.searchParams.has('project'));
  expect(errors).toEqual([]);
  expect(foreign).toEqual([]);
  await context.close();
}, 60_000);

test('the rail collapses where room is scarce, and keeps what the person chose', async () => {
  const { page, context } = await openPage(browser, gluon);
  const rail = page.getByRole('navigation', { name: 'Views' });
  const width = async () => (await rail.boundingBox())?.width ?? 0;
  expect(await width()).toBeGreaterThan(150);
  await page.setViewportSize({ width: 1100, height: 800 });
  await rail.getByRole('button', { name: 'Show names' }).waitFor();
  expect(await width()).toBeLessThan(80);
  // Names stay for those who do not see.
  expect(await rail.getByRole('link', { name: 'Activity' }).count()).toBe(1);
  await rail.getByRole('button', { name: 'Show names' }).click();
  await page.reload();
  await rail.getByRole('button', { name: 'Collapse' }).waitFor();
  expect(await width()).toBeGreaterThan(150);
  await context.close();
}, 60_000);

test('the theme is changed from the top bar and kept', async () => {
  const { page, context } = await openPage(browser, gluon, '/', { theme: 'light' });
  const html = page.locator('html');
  await page.getByRole('button', { name: 'Dark theme' }).click();
  expect(await html.getAttribute('data-theme')).toBe('dark');
  await page.reload();
  await page.getByRole('button', { name: 'Light theme' }).waitFor();
  expect(await html.getAttribute('data-theme')).toBe('dark');
  await context.close();
}, 60_000);

test('when the session ends elsewhere the page says so and stays where it is', async () => {
  const { page, context } = await openPage(browser, gluon, '/list?search=kept');
  await page.getByRole('searchbox').waitFor();
  await context.clearCookies();
  await page.getByRole('searchbox').fill('kept as it was');
  await page.getByText('Signed out').waitFor({ state: 'attached' });
  expect(await page.locator('input[type="search"]').inputValue()).toBe('kept as it was');
  await context.close();
}, 60_000);
