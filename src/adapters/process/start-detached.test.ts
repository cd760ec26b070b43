import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startDetached } from './start-detached.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gluon-detached-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what the program prints goes to the log, which only its owner can read', async () => {
  const logFile = join(folder, 'start.log');
  const script = 'console.log(process.env.ONLY ?? "", process.env.HOME ?? "no home"); console.error("and errors")';
  const started = await startDetached(process.execPath, ['-e', script], { env: { ONLY: 'this' }, cwd: folder, logFile });
  await vi.waitFor(() => expect(started.hasEnded()).toBe(true), { timeout: 10_000 });
  expect(await readFile(logFile, 'utf8')).toBe('this no home\nand errors\n');
  expect((await stat(logFile)).mode & 0o777).toBe(0o600);
});

test('a program that is not there rejects', async () => {
  await expect(startDetached(join(folder, 'nothing'), [], { env: {}, cwd: folder })).rejects.toMatchObject({ code: 'ENOENT' });
});
