/** Fault 13: the write-ahead log is gone, or the files were copied while they were in use. What is left is sound, and nobody's work goes. */
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAt } from '../../src/adapters/store/sqlite/opened.fixture.ts';
import { startGluon } from '../support/gluon.ts';
import { git } from '../support/repository.ts';
import { noteWork, oneMoreRun, quiet, stage } from './drive.ts';
import { workIsReachable } from './invariants.ts';
import { observe } from './observe.ts';
import { ended } from './tour.ts';

const LOG = 'gluon.db-wal';

test('fault 13: without its write-ahead log the store is an older one, and work that it does not know stays', {
  timeout: 180_000,
}, async () => {
  const state = await stage();
  let gluon = await startGluon({ home: state.home });
  const { model } = gluon;
  try {
    await gluon.call('projects.add', { name: 'shop', path: state.repository });
    const known = await gluon.call('runs.create', { project: 'shop', prompt: 'write a.txt alpha', agent: 'fake' });
    await gluon.until(known.id, ended, 'it has ended');
    await gluon.stop();
    gluon = await startGluon({ home: state.home, model });
    const made = await gluon.call('runs.create', {
      project: 'shop',
      prompt: 'write b.txt beta\ncommit Beta\nwrite c.txt uncommitted\nhang',
      agent: 'fake',
    });
    const { worktree_path: path } = await gluon.until(
      made.id,
      (run) => existsSync(join(run.worktree_path ?? '/none', 'c.txt')),
      'it has worked',
    );
    await gluon.kill();
    await noteWork(state);
    expect(existsSync(join(state.home, LOG))).toBe(true);
    rmSync(join(state.home, LOG));

    gluon = await startGluon({ home: state.home, model });
    const { findings } = await gluon.call('system.doctor', {});
    expect(findings.filter((finding) => finding.id === 'database')).toMatchObject([{ status: 'pass' }]);
    expect((await gluon.call('runs.list', {})).items.map((run) => run.id)).toEqual([known.id]);
    expect((await gluon.call('worktrees.list', {})).items.find((copy) => copy.path === path)).toMatchObject({
      state: 'orphan',
      run_id: null,
    });
    expect((await gluon.call('worktrees.gc', {})).kept).toContain(path);
    await gluon.call('cleanup.run', {});
    expect(workIsReachable(await observe(state.home, state.repository, gluon.server.pid ?? null), state.ledger)).toEqual([]);
    expect(readFileSync(join(path ?? '', 'c.txt'), 'utf8')).toBe('uncommitted');
    expect(await oneMoreRun(gluon, state)).toBe('review completed');
    await quiet(gluon);
    await git(state.repository, 'fsck', '--no-dangling');
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
});

test('fault 13: a copy of the files in use is sound, or refused', { timeout: 180_000 }, async () => {
  const state = await stage();
  const gluon = await startGluon({ home: state.home });
  const opened: string[] = [];
  try {
    await gluon.call('projects.add', { name: 'shop', path: state.repository });
    let over = false;
    const busy = (async () => {
      while (!over) await gluon.call('settings.set', { key: 'max_concurrent_runs', value: 3 });
    })();
    for (let index = 0; index < 12; index += 1) {
      const folder = join(state.home, `copy-${index}`);
      await mkdir(folder);
      const files = ['gluon.db', LOG];
      // In either order: a checkpoint may fall between the two.
      for (const name of index % 2 === 0 ? files : files.reverse()) {
        copyFileSync(join(state.home, name), join(folder, name));
        await gluon.call('settings.set', { key: 'max_cost_usd', value: index + 1 });
      }
      try {
        const store = await openAt(join(folder, 'gluon.db'));
        expect(await store.integrityProblem()).toBeNull();
        const events = await store.events(0, 10_000);
        expect(events.map((event) => event.id)).toEqual(events.map((_, at) => at + 1));
        await store.close();
        opened.push(folder);
      } catch (error) {
        expect(error).toMatchObject({ code: 'database_corrupt' });
      }
    }
    over = true;
    await busy;
    expect(opened.length).toBeGreaterThan(0);
  } finally {
    await gluon.stop();
    await gluon.model.close();
    await state.close();
  }
});
