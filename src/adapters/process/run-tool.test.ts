import { expect, test } from 'vitest';
import { runTool } from './run-tool.ts';

const env = { PATH: '/usr/bin:/bin' };

test('gives output, errors and exit code', async () => {
  const end = await runTool('sh', ['-c', 'cat; echo bad >&2; exit 3'], { env, input: 'in\0put' });
  expect(end).toMatchObject({ exitCode: 3, signal: null, stderr: 'bad\n', timedOut: false, truncated: false, startError: null });
  expect(end.stdout.toString()).toBe('in\0put');
});

test('inherits no environment', async () => {
  const end = await runTool('env', [], { env: { PATH: '/usr/bin', ONLY: 'this' } });
  expect(end.stdout.toString().split('\n').sort()).toEqual(['', 'ONLY=this', 'PATH=/usr/bin']);
});

test('a tool that is not there is a start error', async () => {
  const end = await runTool('no-such-tool-here', [], { env });
  expect(end).toMatchObject({ exitCode: null, startError: 'ENOENT' });
});

test('a folder that is not there is a start error', async () => {
  expect((await runTool('true', [], { env, cwd: '/no/such/folder' })).startError).not.toBeNull();
});

test('ends a tool and its children at the timeout', async () => {
  const started = performance.now();
  const end = await runTool('sh', ['-c', 'sleep 20 & sleep 20'], { env, timeoutMs: 100 });
  expect(end).toMatchObject({ exitCode: null, timedOut: true });
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('cuts endless output', async () => {
  const end = await runTool('yes', [], { env, maxOutputBytes: 1000 });
  expect(end).toMatchObject({ truncated: true, signal: 'SIGKILL' });
  expect(end.stdout.length).toBe(1000);
});

test('keeps the head of endless errors without ending the tool', async () => {
  const end = await runTool('sh', ['-c', 'head -c 300000 /dev/zero >&2; echo ok'], { env });
  expect(end).toMatchObject({ exitCode: 0, truncated: false });
  expect(end.stderr.length).toBe(64 * 1024);
  expect(end.stdout.toString()).toBe('ok\n');
});

test('streams output and stops when told', async () => {
  let seen = 0;
  const end = await runTool('yes', [], {
    env,
    onOutput: (chunk) => {
      seen += chunk.length;
      return seen > 100 ? 'stop' : 'more';
    },
  });
  expect(end).toMatchObject({ stopped: true, truncated: false });
  expect(end.stdout.length).toBe(0);
});

test('stops when aborted', async () => {
  const abort = new AbortController();
  const pending = runTool('sleep', ['20'], { env, signal: abort.signal });
  abort.abort();
  expect(await pending).toMatchObject({ aborted: true, exitCode: null });
});

test('survives a tool that does not read its input', async () => {
  const end = await runTool('true', [], { env, input: Buffer.alloc(1_000_000) });
  expect(end.exitCode).toBe(0);
});
