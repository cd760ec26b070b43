/** A server that is told to stop at any moment of its start ends in good order. */
import { readdir, rm } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { startGluon, temporaryFolder } from '../support/gluon.ts';

const modelPromise = startScriptedModel();
afterAll(async () => (await modelPromise).close());

test('right after it said where it listens: the exit code is 0 and the database is closed', async () => {
  const model = await modelPromise;
  const ends: unknown[] = [];
  for (let round = 0; round < 5; round += 1) {
    const home = await temporaryFolder('home');
    const gluon = await startGluon({ home, model });
    await gluon.stop();
    ends.push([gluon.server.exitCode, (await readdir(home)).filter((name) => name.startsWith('gluon.db')).sort()]);
    await rm(home, { recursive: true });
  }
  expect(ends).toEqual(Array(5).fill([0, ['gluon.db']]));
});
