/**
 * A connection that is refused, allowed by a person, and then made, from inside a strict sandbox. The server stands in a network
 * namespace of its own, in which a name of the test leads to an address that counts as public; nothing leaves that namespace.
 */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Run, TranscriptRecord } from '../../src/contract/resources.ts';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import { eventually } from '../support/runs.ts';

const ADDRESS = '93.184.215.14';
const NAME = 'registry.example';

/** Serves one page at the address, as long as its parent lives, which becomes the server. */
const PAGE = `const parent = process.ppid; setInterval(() => process.ppid === parent || process.exit(), 200);
require('node:http').createServer((request, answer) => answer.end('reached ' + request.headers.host)).listen(80, '${ADDRESS}');`;

async function mayUnshare(): Promise<boolean> {
  const run = promisify(execFile);
  return run('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up']).then(
    () => true,
    () => false,
  );
}

interface Shown {
  names: string[];
  refused: string[];
  decisions: { host: string; allowed: boolean; bytes_down: number }[];
}

test('refused, told, allowed in one step, reached; taken back, refused again', async (context) => {
  if (!(await mayUnshare())) return context.skip('no network namespace can be made here');
  const folder = await temporaryFolder('hosts');
  const repository = await sampleRepository();
  await writeFile(join(folder, 'hosts'), `127.0.0.1 localhost\n${ADDRESS} ${NAME}\n`);
  const setup = [
    'ip link set lo up',
    `ip address add ${ADDRESS}/32 dev lo`,
    `mount --bind ${join(folder, 'hosts')} /etc/hosts`,
    `"$0" -e "${PAGE}" >/dev/null 2>&1 &`,
    'exec "$@"',
  ];
  let gluon: Gluon | null = null;
  try {
    gluon = await startGluon({ through: ['unshare', '--net', '--mount', 'sh', '-c', setup.join('\n'), process.execPath] });
    await tour(gluon, repository);
  } finally {
    await gluon?.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(repository, { recursive: true, force: true });
  }
}, 60_000);

async function tour(gluon: Gluon, repository: string): Promise<void> {
  const ask = `run curl -sS -m 5 http://${NAME}/ 2>&1; echo`;
  await gluon.json('project', 'add', 'shop', repository);
  const run = await gluon.json<Run>('run', 'shop', `${ask}\nsay Tried once.\nhang`, '--agent', 'fake', '-b');
  const outputs = async (count: number): Promise<string[]> =>
    eventually(async () => {
      const records = await gluon.json<TranscriptRecord[]>('logs', run.id);
      const found = records.filter((record) => record.type === 'tool_result').map((record) => String(record.output).trim());
      return found.length >= count && found;
    }, `${count} answers`);
  const again = async (): Promise<void> => {
    await gluon.json('send', run.id, `${ask}\nsay Tried again.\nhang`, '--now');
  };

  expect((await outputs(1))[0]).toContain('not on the list');
  await eventually(async () => (await gluon.json<Run>('show', run.id)).egress_refused.length > 0, 'the refusal on the run');
  expect((await gluon.json<Run>('show', run.id)).egress_refused).toEqual([NAME]);

  expect((await gluon.cli('egress', 'allow', run.id, NAME)).code).toBe(0);
  await again();
  expect((await outputs(2))[1]).toBe(`reached ${NAME}`);
  const shown = await gluon.json<Shown>('egress', 'show', run.id);
  expect(shown).toMatchObject({ refused: [] });
  expect(shown.names).toContain(NAME);
  expect(shown.decisions.some((one) => one.host === NAME && one.allowed)).toBe(true);

  expect((await gluon.cli('egress', 'deny', run.id, NAME)).code).toBe(0);
  await again();
  expect((await outputs(3))[2]).toContain('not on the list');
  await gluon.json('cancel', run.id);
}
