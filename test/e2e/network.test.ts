/** What a strict sandbox reaches: refused by name, told, allowed in one step for the run or the project, taken back. */

import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import { eventTypes, finished, messages } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let server: Server;
let host: string;
let reached = 0;

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
  server = createServer((_, response) => {
    reached += 1;
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await gluon?.stop();
  await new Promise((resolve) => server.close(resolve));
  await rm(repository, { recursive: true, force: true });
});

const ask = (): string => `run curl -sS -m 5 --noproxy "" http://${host}/ 2>&1; echo "code $?"`;
const decisions = async (run: Run) => (await gluon.call('egress.show', { run: run.id })).decisions;
const outputs = async (run: Run) => (await messages(gluon, run.id, 'tool_result')).map((record) => String(record.output));

test('an address in place of a name is refused, and shown', async () => {
  const run = await finished(gluon, 'shop', ask());
  expect((await outputs(run))[0]).not.toContain('reached');
  expect(run.egress_refused).toEqual([host]);
  expect(await eventTypes(gluon, run.id)).toContain('egress.refused');
  expect((await decisions(run))[0]).toMatchObject({ host: '127.0.0.1', allowed: false });
  expect(reached).toBe(0);
  // Positive control: the server is there.
  expect(await (await fetch(`http://${host}/`)).text()).toBe('reached');
});

test('allowed for the project, the next run has it; denied there, the one after has not', async () => {
  const first = await finished(gluon, 'shop', 'say x');
  await gluon.call('egress.allow', { run: first.id, host: '*.example.org', scope: 'project' });
  const next = await finished(gluon, 'shop', 'say x');
  expect((await gluon.call('egress.show', { run: next.id })).names).toContain('*.example.org');
  await gluon.call('egress.deny', { run: next.id, host: '*.example.org', scope: 'project' });
  const last = await finished(gluon, 'shop', 'say x');
  expect((await gluon.call('egress.show', { run: last.id })).names).not.toContain('*.example.org');
  expect((await gluon.cli('egress', 'allow', last.id, 'one.example.org', '--project')).code).toBe(0);
  expect((await gluon.call('egress.show', { run: first.id })).names).toContain('one.example.org');
});

test('the policy of a run: none, names, all, and what the host’s package tools use', async () => {
  const names = async (...flags: string[]) => {
    const run = await gluon.json<Run>('run', 'shop', 'say x', '--agent', 'fake', ...flags);
    return { run, ...(await gluon.call('egress.show', { run: run.id })) };
  };
  expect(await names('--egress', 'none')).toMatchObject({ policy: 'none', run: { egress: 'none' } });
  expect((await names('--egress', 'a.example,b.example:8443')).names).toEqual(expect.arrayContaining(['a.example', 'b.example:8443']));
  expect((await names('--egress', 'all')).policy).toBe('all');
  expect((await names()).policy).toBe('packages');
});

test('there is no way around the proxy, and a way to the model', async () => {
  const before = reached;
  const port = host.split(':')[1];
  const run = await finished(
    gluon,
    'shop',
    [
      `run curl -sS -m 3 --noproxy "*" http://127.0.0.1:${port}/ 2>&1; echo "code $?"`,
      'run cat /proc/net/route | wc -l',
      'run ls /sys/class/net',
    ].join('\n'),
  );
  const [direct, , interfaces] = await outputs(run);
  expect(direct).toMatch(/code (7|28)/);
  expect(interfaces?.trim() ?? '').not.toMatch(/eth|ens|wl/);
  expect(reached).toBe(before);
});

test('level standard has the network of the host, and level none says that it is none', async () => {
  const before = reached;
  const run = await finished(gluon, 'shop', `run curl -sS -m 5 --noproxy "*" http://${host}/`, { sandbox: 'standard' });
  expect((await outputs(run))[0]).toContain('reached');
  expect(reached).toBe(before + 1);
  const bare = await gluon.json<Run>('run', 'shop', 'run id -u', '--agent', 'fake', '--sandbox', 'none');
  expect(bare.sandbox).toBe('none');
});
