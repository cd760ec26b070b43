/** `up` and `down`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { GluonError } from '../../src/contract/errors.ts';
import { type TestCli, testCli } from '../support/cli-io.ts';
import { type Fixture, startFixture, TOKEN } from '../support/http-server.ts';

let cli: TestCli;
let fixture: Fixture | undefined;
afterEach(async () => {
  await cli.close();
  await fixture?.close();
  fixture = undefined;
});

function fakeServer() {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const stop = vi.fn(async () => resolve());
  return { address: 'http://127.0.0.1:4711', stop, stopped };
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 0],
] as const)('up says where it listens, and %s stops it in good order: %i', async (signal, exit) => {
  const server = fakeServer();
  cli = await testCli({ io: { startServer: async () => server } });
  const done = cli.run('up');
  await vi.waitFor(() => expect(cli.out()).toBe('Gluon 9.9.9-test listens on http://127.0.0.1:4711\n'));
  cli.interrupt(signal);
  expect(await done).toBe(exit);
  expect(server.stop).toHaveBeenCalledOnce();
});

test('up ends with 0 when the server is stopped by somebody else', async () => {
  const server = fakeServer();
  cli = await testCli({ io: { startServer: async () => server } });
  const done = cli.run('up');
  await server.stop();
  expect(await done).toBe(0);
});

test('up --open shows the page', async () => {
  const server = fakeServer();
  const openInBrowser = vi.fn(async () => {});
  cli = await testCli({ io: { startServer: async () => server, openInBrowser } });
  const done = cli.run('up', '--open');
  await vi.waitFor(() => expect(openInBrowser).toHaveBeenCalledWith('http://127.0.0.1:4711'));
  await server.stop();
  await done;
});

test('up that cannot start says why, with the exit code of the catalogue', async () => {
  const startServer = async () => {
    throw new GluonError('home_in_use', { pid: 42, path: '/h' });
  };
  cli = await testCli({ io: { startServer } });
  expect(await cli.run('up')).toBe(1);
  expect(cli.err()).toContain('(process 42)');
});

test('down waits until nothing answers and the process is gone', async () => {
  let alive = true;
  let port = 0;
  const mine = await startFixture({
    'system.status': () => ({ pid: 4242 }),
    'system.stop': () => {
      setTimeout(async () => {
        await mine.close();
        setTimeout(() => {
          alive = false;
        }, 200);
      }, 100);
      return { done: true };
    },
  });
  port = mine.port;
  cli = await testCli({ token: TOKEN, io: { processIsOurs: (pid) => pid !== 4242 || alive } });
  await writeFile(join(cli.home, 'server.json'), JSON.stringify({ pid: 1, port }));
  expect(await cli.run('down', '--json')).toBe(0);
  expect(JSON.parse(cli.out())).toEqual({ stopped: true });
  expect(alive).toBe(false);
});

test('down where none runs is fine', async () => {
  cli = await testCli({});
  expect(await cli.run('down')).toBe(0);
  expect(cli.out()).toBe('No Gluon runs here.\n');
});
