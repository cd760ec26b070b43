/** Fault 1, meanwhile: a server that still mends what a crash left behind answers, and takes no orders. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { quiet, stage, walkUntilDead } from './drive.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function untilHealth(address: string): Promise<unknown> {
  const end = performance.now() + 20_000;
  for (;;) {
    const answer = await fetch(`${address}/api/health`).catch(() => null);
    if (answer !== null) return answer.json();
    if (performance.now() > end) throw new Error('nobody listens');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

test('requests with an effect wait for the end of the mending, reading does not', { timeout: 180_000 }, async () => {
  const state = await stage();
  const model = await startScriptedModel();
  const port = await freePort();
  const options = { home: state.home, model, environment: { GLUON_PORT: String(port) } };
  const first = await startGluon({ ...options, fault: 'attempt.after-sandbox@1=kill' });
  let gluon: Gluon | null = null;
  try {
    await walkUntilDead(first, state);
    const address = `http://127.0.0.1:${port}`;
    const starting = startGluon({ ...options, fault: 'reconcile.before-attempt@1=hold' });
    expect(await untilHealth(address)).toEqual({ status: 'starting' });
    const call = (method: string, path: string, body?: object) =>
      fetch(`${address}/api${path}`, {
        method,
        headers: { authorization: `Bearer ${first.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const listed = (await (await call('GET', '/runs')).json()) as { items: { id: string; status: string }[] };
    expect(listed.items.map((run) => run.status)).toEqual(['running']);
    const [run] = listed.items;
    const order = { project: 'shop', prompt: 'write b.txt beta', agent: 'fake' };
    for (const [method, path, body] of [
      ['POST', '/runs', order],
      ['POST', `/runs/${run?.id}/cancel`, {}],
      ['DELETE', '/projects/shop', undefined],
      ['POST', '/stop', {}],
    ] as const) {
      const refused = await call(method, path, body);
      expect({ path, status: refused.status }).toEqual({ path, status: 503 });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.json()).toMatchObject({ code: 'starting', retryable: true });
    }
    // Whoever may not at all is told that first.
    expect((await fetch(`${address}/api/runs`, { method: 'POST' })).status).toBe(401);

    const { pid } = (await (await call('GET', '/status')).json()) as { pid: number };
    // The command line comes again by itself.
    const refusals = () => (readFileSync(join(state.home, 'logs', 'server.log'), 'utf8').match(/"status":503/g) ?? []).length;
    const before = refusals();
    const archive = first.start('archive', run?.id ?? '');
    await until(() => refusals() > before);
    process.kill(pid, 'SIGUSR2');
    gluon = await starting;
    expect((await archive.ended).stderr).not.toContain('starting');
    expect(await untilHealth(address)).toEqual({ status: 'ok' });
    expect((await call('POST', '/runs', order)).status).toBe(201);
    await quiet(gluon);
  } finally {
    await gluon?.stop();
    await model.close();
    await state.close();
  }
});
