/** Fault 10 for a start: one that comes to nothing leaves nothing open, and the home is free for the next. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startServer } from '../../src/main/server.ts';
import { temporaryFolder } from '../support/gluon.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function occupiedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return String(address.port);
}

/** Files of the home that this process has open, and the number of its listening sockets. */
function open(home: string): { files: string[]; listening: number } {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      // The one that this reading itself had open.
      return [];
    }
  });
  const listening = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap' || kind === 'PipeWrap').length;
  return { files: files.filter((path) => path.startsWith(home)), listening };
}

test.each([
  ['the port is taken', async () => ({ GLUON_PORT: await occupiedPort() }), 'port_in_use'],
  ['the environment asks for a fault that there is not', async () => ({ GLUON_PORT: '0', GLUON_FAULT: 'nonsense' }), undefined],
  [
    'the database is none',
    async (home: string) => {
      await writeFile(join(home, 'gluon.db'), 'no database at all'.repeat(500));
      return { GLUON_PORT: '0' };
    },
    'database_corrupt',
  ],
])('%s', async (_what, spoil, code) => {
  const home = await temporaryFolder('home');
  closers.push(() => rm(home, { recursive: true, force: true }));
  const start = (more: Record<string, string>) => {
    const environment = { PATH: process.env.PATH ?? '', GLUON_HOME: home, ...more };
    return startServer({ environment, userHome: join(home, 'user'), version: '0' });
  };
  const spoilt = await spoil(home);
  const before = open(home);
  const failure = await start(spoilt).then(
    () => null,
    (error: unknown) => error as { code?: string },
  );
  expect(failure).not.toBeNull();
  expect(failure?.code).toBe(code);
  expect(open(home)).toEqual(before);
  expect(existsSync(join(home, 'server.json'))).toBe(false);

  await rm(join(home, 'gluon.db'), { force: true });
  const server = await start({ GLUON_PORT: '0' });
  // What was looked at above is what a server has.
  expect(open(home).files.length).toBeGreaterThan(before.files.length);
  expect(open(home).listening).toBeGreaterThan(before.listening);
  await server.stop();
  expect(open(home)).toEqual(before);
});
