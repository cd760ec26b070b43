/** Fault 57: the process dies between a call and its booking. What is not known counts as spent; nothing counts twice. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openAt, temporaryFolder, withProject, withRun } from '../../src/adapters/store/sqlite/opened.fixture.ts';
import { attemptRow } from '../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { silentLog } from '../../src/adapters/system/log.ts';
import { systemRandom } from '../../src/adapters/system/random.ts';
import { meterModelCalls } from '../../src/services/meter-model-calls.ts';

const CHILD = fileURLToPath(new URL('./ledger-killed.child.ts', import.meta.url));

// Before: 10,000 tokens at the rate of the hourly cache and all the output that was allowed, $0.04 and $0.01.
it.each([
  ['before the booking', 'no', 0.05, 1],
  ['after the booking', 'yes', 0.0035, 0],
] as const)('killed %s', async (_when, settles, spent, left) => {
  const path = join(temporaryFolder(), 'gluon.db');
  const store = await openAt(path);
  const project = await withProject(store);
  const run = await withRun(store, project.id, {
    status: 'running',
    epoch: 1,
    cost_usd: 0,
    reserved_usd: 0,
    model_calls: 0,
    max_cost_usd: 5,
  });
  const attempt = attemptRow(run.id, { epoch: 1 });
  await store.transaction((tx) => tx.insertAttempt(attempt));
  const grant = { runId: run.id, projectId: project.id, attemptId: attempt.id, profile: 'standard', models: null };
  await store.close();

  const child = spawnSync(process.execPath, [CHILD, path, JSON.stringify(grant), settles], { timeout: 20_000, encoding: 'utf8' });
  expect(child.signal, child.stderr).toBe('SIGKILL');

  const after = await openAt(path);
  expect(await after.unsettledCalls()).toHaveLength(left);
  const meter = meterModelCalls({
    store: after,
    bus: { publish: () => {}, subscribe: () => () => {} },
    settings: { get: (() => ({})) as never },
    clock: systemClock(),
    random: systemRandom(),
    log: silentLog(),
    redact: (text: string) => text,
    onSeen: () => {},
    onRateLimited: () => {},
  });
  expect(await meter.recoverUnsettled()).toBe(left);
  expect(await meter.recoverUnsettled()).toBe(0);
  expect((await after.run(run.id))?.cost_usd).toBeCloseTo(spent);
  expect((await after.run(run.id))?.reserved_usd).toBeCloseTo(0);
  expect((await after.run(run.id))?.model_calls).toBe(1);
});
