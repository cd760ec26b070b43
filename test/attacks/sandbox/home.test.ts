import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pathHazard, sourceHazard } from '../../../src/core/sandbox/path-hazards.ts';
import { sandboxRules } from '../../../src/main/sandbox-rules.ts';
import { startGluon } from '../../support/gluon.ts';

const HOME = '/home/ada/.gluon';
const rules = { ...sandboxRules(HOME, '/home/ada'), runId: 'run-1' };

it.each(['sessions/run-1', 'trusted/run-1', 'sandbox/run-1', 'worktrees/title-run1'])('a run is shown %s', (path) => {
  expect(pathHazard(`${HOME}/${path}`, rules)).toBe(null);
  expect(sourceHazard(`${HOME}/${path}`, rules)).toBe(null);
});

it.each(['sessions/run-2', 'trusted/run-2', 'sandbox/group', 'logs/run-1', 'images/x', 'git/x', 'run/gateway.sock', 'backups/x.db'])(
  'a run is not shown %s',
  (path) => {
    expect(pathHazard(`${HOME}/${path}`, rules)).not.toBe(null);
    expect(sourceHazard(`${HOME}/${path}`, rules)).not.toBe(null);
  },
);

it('nothing that a server puts into its home can be shown whole', async () => {
  const gluon = await startGluon({ fakeAgent: true });
  try {
    const names = readdirSync(gluon.home);
    expect(names).toEqual(
      expect.arrayContaining(['gluon.db', 'gluon.db-wal', 'gluon.db-shm', 'lock.db', 'lock.json', 'token', 'server.json']),
    );
    const shown = names.filter((name) => sourceHazard(`${HOME}/${name}`, rules) === null || pathHazard(`${HOME}/${name}`, rules) === null);
    expect(shown).toEqual([]);
  } finally {
    await gluon.stop();
  }
});
