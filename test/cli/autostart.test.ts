/** Finding the server of a home, and starting one when there is none. */
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type TestCli, testCli } from '../support/cli-io.ts';
import { type Fixture, startFixture, TOKEN } from '../support/http-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function withServer(): Promise<Fixture> {
  const fixture = await startFixture({ 'runs.list': () => ({ items: [], next_cursor: null }), 'system.health': () => ({ status: 'ok' }) });
  open.push(fixture);
  return fixture;
}

async function cliOf(options: Parameters<typeof testCli>[0]): Promise<TestCli> {
  const cli = await testCli({ token: TOKEN, ...options });
  open.push(cli);
  return cli;
}

const serverJson = (cli: TestCli, port: number, pid = process.pid) =>
  writeFile(join(cli.home, 'server.json'), JSON.stringify({ pid, port, address: `http://127.0.0.1:${port}`, started_at: '' }));

test('the port that the server wrote into its home', async () => {
  const fixture = await withServer();
  const cli = await cliOf({});
  await serverJson(cli, fixture.port);
  expect(await cli.run('runs')).toBe(0);
});

test('none runs: one is started in the background, said on standard error, and used', async () => {
  const fixture = await withServer();
  let log = '';
  const cli: TestCli = await cliOf({
    environment: { GLUON_AUTOSTART: '' },
    io: {
      async startServerInBackground(logFile) {
        log = logFile;
        await serverJson(cli, fixture.port);
        return { hasEnded: () => false };
      },
    },
  });
  expect(await cli.run('runs', '--json')).toBe(0);
  expect(JSON.parse(cli.out())).toEqual({ items: [], next_cursor: null });
  expect(cli.err()).toMatch(/starting one in the background/);
  expect(log).toBe(join(cli.home, 'logs', 'server-start.log'));
});

test('it ends at once: its last words are told, quickly', async () => {
  const cli = await cliOf({
    environment: { GLUON_AUTOSTART: '1' },
    io: {
      async startServerInBackground(logFile) {
        await writeFile(logFile, 'gluon: The port 1 is in use.\n');
        return { hasEnded: () => true };
      },
    },
  });
  expect(await cli.run('runs')).toBe(1);
  expect(cli.err()).toContain('The port 1 is in use.');
});

test('GLUON_AUTOSTART=0: unreachable, and nothing is started', async () => {
  const cli = await cliOf({});
  expect(await cli.run('runs', '--json')).toBe(1);
  expect(JSON.parse(cli.err()).error.code).toBe('server_unreachable');
});

test.each(['down', 'status', 'version'])('%s never starts a server', async (command) => {
  const cli = await cliOf({ environment: { GLUON_AUTOSTART: '1' } });
  expect(await cli.run(command)).toBe(command === 'status' ? 1 : 0);
});

test('the token goes nowhere when the server of the home is dead: somebody else may have its port', async () => {
  const heard: (string | undefined)[] = [];
  const stranger: Server = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => stranger.close(resolve)) });
  const cli = await cliOf({ io: { processIsOurs: () => false } });
  const address = stranger.address();
  await serverJson(cli, typeof address === 'object' && address !== null ? address.port : 0, 1);
  expect(await cli.run('runs')).toBe(1);
  expect(heard).toEqual([]);
});

test('what answers but is not Gluon is named', async () => {
  const other: Server = createServer((_request, response) => response.end('<html>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => other.close(resolve)) });
  const address = other.address();
  const cli = await cliOf({ port: typeof address === 'object' && address !== null ? address.port : 0 });
  expect(await cli.run('runs', '--json')).toBe(1);
  expect(JSON.parse(cli.err()).error.code).toBe('not_gluon');
});
