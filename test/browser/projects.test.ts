/** Projects and workspaces in a real browser, on real repositories with a real remote. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { commitFiles, git, sampleRepository } from '../support/repository.ts';
import { eventually, finished, submit } from '../support/runs.ts';
import { openBrowser, openPage } from './support/browser.ts';

let browser: Browser;
let gluon: Gluon;
const folders: string[] = [];

beforeAll(async () => {
  gluon = await startGluon();
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await gluon?.stop();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function repository(): Promise<string> {
  const path = await sampleRepository();
  folders.push(path);
  return path;
}

/** A checkout whose `origin` is a bare repository beside it. */
async function withRemote(): Promise<{ path: string; remote: string }> {
  const path = await repository();
  const remote = await temporaryFolder('remote');
  folders.push(remote);
  await git(remote, 'init', '--quiet', '--bare', '--initial-branch=main');
  await git(path, 'remote', 'add', 'origin', remote);
  await git(path, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  return { path, remote };
}

const dialog = (page: Page) => page.getByRole('dialog');

test('the first project: what it is, a folder that is wrong, then one that is right', async () => {
  const path = await repository();
  const { page, context, errors } = await openPage(browser, gluon, '/projects');
  await page.getByText('No project yet').waitFor();
  await page.getByRole('button', { name: 'Add a project' }).click();
  const folder = dialog(page).getByLabel('Folder');
  await folder.fill('/there/is/no-such-thing');
  expect(await dialog(page).getByLabel('Name').inputValue()).toBe('no-such-thing');
  await folder.press('Enter');
  await dialog(page).getByRole('alert').getByText('There is no folder').waitFor();
  expect(await folder.getAttribute('aria-invalid')).toBe('true');
  await folder.fill(path);
  await dialog(page).getByLabel('Name').fill('no spaces please');
  await folder.press('Enter');
  await dialog(page).getByRole('alert').getByText('cannot be the name').waitFor();
  expect(await dialog(page).getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
  await dialog(page).getByLabel('Name').fill('first');
  await folder.press('Enter');
  await page.getByRole('heading', { name: 'first', level: 1 }).waitFor();
  expect(new URL(page.url()).search).toBe('?project=first');
  await page.getByText('none: changes are merged here').waitFor();
  expect(errors.filter((error) => !error.includes('400'))).toEqual([]);
  await context.close();
}, 120_000);

test('fetch, sync and push say what they did, and why not', async () => {
  const { path, remote } = await withRemote();
  await gluon.call('projects.add', { name: 'remote', path });
  const { page, context } = await openPage(browser, gluon, '/projects?project=remote');
  await page.getByText('0 ahead').waitFor();

  const other = await temporaryFolder('other');
  folders.push(other);
  await git(other, 'clone', '--quiet', remote, 'clone');
  await git(join(other, 'clone'), 'config', 'user.name', 'Test');
  await git(join(other, 'clone'), 'config', 'user.email', 'test@localhost');
  await commitFiles(join(other, 'clone'), { 'theirs.txt': 'theirs\n' }, 'Theirs');
  await git(join(other, 'clone'), 'push', '--quiet');

  await page.getByRole('button', { name: 'Fetch' }).click();
  await page.getByText('0 ahead, 1 behind.').waitFor();
  await page.getByRole('button', { name: 'Sync' }).click();
  await page.getByText('In step with origin/main.').waitFor();
  expect(await git(path, 'log', '-1', '--format=%s')).toBe('Theirs');

  const mine = await commitFiles(path, { 'mine.txt': 'mine\n' }, 'Mine');
  await page.getByRole('button', { name: 'Push' }).click();
  await page.getByText(`Pushed main to ${remote} at ${mine.slice(0, 8)}.`).waitFor();
  expect(await git(remote, 'rev-parse', 'main')).toBe(mine);

  await git(join(other, 'clone'), 'pull', '--quiet');
  await commitFiles(join(other, 'clone'), { 'again.txt': 'theirs\n' }, 'Theirs again');
  await git(join(other, 'clone'), 'push', '--quiet');
  await commitFiles(path, { 'more.txt': 'mine\n' }, 'Mine again');
  await page.getByRole('button', { name: 'Sync' }).click();
  await page.getByText('Sync did not work').waitFor();
  await page.getByText('have both moved').waitFor();
  await context.close();
}, 120_000);

test('branches of runs are renamed and deleted, those of people are not', async () => {
  const path = await repository();
  await gluon.call('projects.add', { name: 'branches', path });
  const run = await finished(gluon, 'branches', 'write done.txt yes\ncommit Done\nsay Done.');
  const name = run.branch_name ?? '';
  expect(name).not.toBe('');
  const { page, context } = await openPage(browser, gluon, '/projects?project=branches');
  await page.getByRole('button', { name: `Rename ${name}` }).click();
  expect(await page.getByRole('button', { name: 'Rename main' }).count()).toBe(0);
  await dialog(page).getByLabel('New name').fill('main');
  await dialog(page).getByRole('button', { name: 'Rename' }).click();
  await dialog(page).getByRole('alert').getByText('exists already').waitFor();
  await dialog(page).getByLabel('New name').fill('gluon-task/better');
  await dialog(page).getByRole('button', { name: 'Rename' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Delete gluon-task/better' }).click();
  await page.getByRole('alertdialog').getByText('It is not merged.').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Delete gluon-task/better' }).waitFor({ state: 'detached' });
  expect(await git(path, 'branch', '--format=%(refname:short)')).toBe('main');
  await context.close();
}, 120_000);

test('settings of a project are its own, and open again when they are reset', async () => {
  const path = await repository();
  await git(path, 'branch', 'develop');
  await gluon.call('projects.add', { name: 'own', path });
  const { page, context } = await openPage(browser, gluon, '/projects?project=own');
  const base = page.getByLabel('Base branch');
  await base.fill('nowhere');
  await base.press('Enter');
  await page.getByRole('alert').getByText('There is no branch "nowhere"').waitFor();
  await base.fill('develop');
  await base.press('Enter');
  await page.getByRole('button', { name: 'Reset Base branch' }).waitFor();
  await page.getByLabel('Runs at the same time').fill('2');
  await page.getByLabel('Runs at the same time').press('Enter');
  await page.getByRole('button', { name: 'Reset Runs at the same time' }).waitFor();
  await page.getByLabel('Sandbox level').selectOption('standard');
  await page.getByLabel('Network').selectOption('none');
  const saved = async () => gluon.call('projects.get', { project: 'own' });
  await eventually(async () => (await saved()).egress === 'none', 'the policy is saved');
  expect(await saved()).toMatchObject({ base_branch: 'develop', max_concurrent_runs: 2, sandbox: 'standard', egress: 'none' });

  await page.getByRole('button', { name: 'Reset Base branch' }).click();
  await page.getByLabel('Sandbox level').selectOption('');
  await eventually(async () => (await saved()).sandbox === null, 'the level is open again');
  expect(await saved()).toMatchObject({ base_branch: null, sandbox: null });

  await page.getByLabel('Name', { exact: true }).fill('own-2');
  await page.getByLabel('Name', { exact: true }).press('Enter');
  await page.waitForURL('**/projects?project=own-2');
  await page.getByRole('heading', { name: 'own-2', level: 1 }).waitFor();
  await context.close();
}, 120_000);

test('a workspace is searched, searched again, and let go with its projects', async () => {
  const folder = await temporaryFolder('workspace');
  folders.push(folder);
  const move = async (name: string) => rename(await sampleRepository(), join(folder, name));
  await move('alpha');
  await move('beta');
  await mkdir(join(folder, 'no-repository'));
  const { page, context } = await openPage(browser, gluon, '/projects');
  await page.getByRole('button', { name: 'Add workspace' }).click();
  await dialog(page).getByLabel('Folder').fill(folder);
  await dialog(page).getByLabel('Name').fill('code');
  await dialog(page).getByRole('button', { name: 'Add workspace' }).click();
  await dialog(page).getByRole('heading', { name: 'code was added' }).waitFor();
  expect(await dialog(page).getByRole('listitem').count()).toBe(2);
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  const panel = page.locator('section').filter({ has: page.getByRole('heading', { name: 'code', exact: true }) });
  await panel.getByRole('link', { name: 'alpha' }).waitFor();

  await move('gamma');
  await panel.getByRole('button', { name: 'Scan' }).click();
  await dialog(page).getByText('gamma', { exact: true }).waitFor();
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await panel.getByRole('link', { name: 'gamma' }).waitFor();

  await panel.getByRole('button', { name: 'Remove the workspace code' }).click();
  await page.getByRole('alertdialog').getByLabel('Also remove its 3 projects').check();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await panel.waitFor({ state: 'detached' });
  expect((await gluon.call('projects.list', {})).items.map(({ name }) => name)).not.toContain('alpha');
  await context.close();
}, 120_000);

test('a project with open runs is not removed, one whose repository has vanished says so and can be', async () => {
  const path = await repository();
  await gluon.call('projects.add', { name: 'busy', path });
  const run = await submit(gluon, 'busy', 'hang');
  const { page, context } = await openPage(browser, gluon, '/projects?project=busy');
  await page.getByRole('button', { name: 'Remove project' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByText('active runs').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await gluon.call('runs.cancel', { run: run.id });
  await gluon.until(run.id, ({ status }) => status === 'cancelled', 'it is stopped');

  await rm(path, { recursive: true, force: true });
  await page.reload();
  await page.getByText('The repository has vanished').waitFor();
  await page.getByRole('button', { name: 'Remove project' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('busy was removed').waitFor();
  await page.goto(`${gluon.address}/projects?project=busy`);
  await page.getByText('There is no project “busy”').waitFor();
  await context.close();
}, 120_000);
