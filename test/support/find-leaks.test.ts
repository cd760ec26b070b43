import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, watch } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findLeaks, leftFiles, lookBefore } from './find-leaks.ts';

const listen = async (...where: [string] | [number, string]): Promise<Server> => {
  const server = createServer();
  server.listen(...(where as [number, string]));
  await once(server, 'listening');
  return server;
};
const gone = (check: () => string[]): Promise<void> =>
  expect
    .poll(check, { timeout: 5_000 })
    .toEqual([])
    .then(() => undefined);

it('nothing was left', () => {
  expect(findLeaks(lookBefore())).toEqual([]);
});

it('a listening TCP socket is found until it is closed', async () => {
  const before = lookBefore();
  const server = await listen(0, '127.0.0.1');
  expect(findLeaks(before)).toEqual(['1 × TCPServerWrap still open']);
  server.close();
  await gone(() => findLeaks(before));
});

it('a listening Unix socket is found until it is closed', async () => {
  const before = lookBefore();
  const server = await listen(join(tmpdir(), 's'));
  expect(findLeaks(before)).toEqual(['1 × PipeWrap still open']);
  server.close();
  await gone(() => findLeaks(before));
});

it('a timer is found until it is cleared', async () => {
  const before = lookBefore();
  const timer = setInterval(() => {}, 1_000_000);
  expect(findLeaks(before)).toEqual(['1 × Timeout still open']);
  clearInterval(timer);
  await gone(() => findLeaks(before));
});

it('a watcher is found until it is closed', async () => {
  const before = lookBefore();
  const watcher = watch(tmpdir());
  expect(findLeaks(before)).toEqual(['1 × FSEventWrap still open']);
  watcher.close();
  await gone(() => findLeaks(before));
});

it('a temporary file is found until it is removed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'left-'));
  expect(leftFiles().length).toBe(1);
  rmSync(folder, { recursive: true });
  expect(leftFiles()).toEqual([]);
});

it('a process is found until it ends', async () => {
  const before = lookBefore();
  const child = spawn('sleep', ['1234'], { stdio: 'ignore' });
  await expect.poll(() => findLeaks(before)).toContain(`process ${child.pid} still runs: sleep 1234`);
  await stop(child);
  await gone(() => findLeaks(before));
});

it.runIf(process.platform === 'linux')('a process is found after its parent is gone', async () => {
  const before = lookBefore();
  const parent = spawn('sh', ['-c', 'sleep 1235 & echo $!'], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const orphan = Number(output.toString().trim());
  parent.stdout.destroy();
  if (parent.exitCode === null) await once(parent, 'exit');
  try {
    // Right after its birth it still carries the command line of its parent.
    await expect.poll(() => findLeaks(before)).toContain(`process ${orphan} still runs: sleep 1235`);
  } finally {
    process.kill(orphan, 'SIGKILL');
  }
  await gone(() => findLeaks(before));
});

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
