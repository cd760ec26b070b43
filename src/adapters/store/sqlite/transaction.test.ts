import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openAt, openTemporary, temporaryFolder, withProject, withRun } from './opened.fixture.ts';
import { projectRow, runRow } from './rows.fixture.ts';

describe('transaction', () => {
  it('keeps all of it, or nothing when the work throws', async () => {
    const store = await openTemporary();
    const project = await withProject(store);
    const work = store.transaction(async (tx) => {
      await tx.insertRun(runRow(project.id));
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect((await store.listRuns({}, 10)).items).toEqual([]);
    const run = await store.transaction(async (tx) => {
      const row = runRow(project.id);
      await tx.insertRun(row);
      expect(await tx.run(row.id)).toEqual(row);
      // Readers outside see what was committed alone.
      expect(await store.run(row.id)).toBeNull();
      return row;
    });
    expect(await store.run(run.id)).toEqual(run);
  });

  it('runs one after the other, in the order they came', async () => {
    const store = await openTemporary();
    const order: number[] = [];
    const one = async (number: number) =>
      store.transaction(async (tx) => {
        order.push(number);
        await tx.projects();
        await new Promise((resolve) => setImmediate(resolve));
        order.push(number);
      });
    await Promise.all([one(1), one(2), one(3)]);
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('runs calls that were not awaited in order, and commits them', async () => {
    const store = await openTemporary();
    const project = projectRow();
    await store.transaction(async (tx) => {
      void tx.insertProject(project);
      void tx.insertRun(runRow(project.id));
      void tx.insertRun(runRow(project.id));
    });
    expect((await store.countRuns()).pending).toBe(2);
  });

  it('refuses to nest, and refuses calls after its end', async () => {
    const store = await openTemporary();
    await expect(store.transaction(() => store.transaction(async () => 1))).rejects.toThrow('do not nest');
    const escaped = await store.transaction(async (tx) => tx);
    await expect(escaped === undefined ? Promise.resolve() : escaped.projects()).rejects.toThrow('ended');
    // Afterwards all is as before.
    await withProject(store);
    expect(await store.projects()).toHaveLength(1);
  });

  it('waits for another process without blocking the event loop, then says so (fault 11)', async () => {
    const path = join(temporaryFolder(), 'gluon.db');
    const store = await openAt(path, { patienceMs: 600 });
    const project = await withProject(store);
    const other = new Database(path);
    other.exec('begin immediate');
    const lagsMs: number[] = [];
    let last = performance.now();
    const watch = setInterval(() => {
      lagsMs.push(performance.now() - last - 5);
      last = performance.now();
    }, 5);
    const started = performance.now();
    await expect(withRun(store, project.id)).rejects.toMatchObject({ code: 'database_busy' });
    expect(performance.now() - started).toBeGreaterThan(550);
    // Readers are not in the way of a writer.
    expect(await store.projects()).toHaveLength(1);
    const kept = withRun(store, project.id);
    await new Promise((resolve) => setTimeout(resolve, 150));
    other.exec('rollback');
    await kept;
    clearInterval(watch);
    other.close();
    expect((await store.listRuns({}, 10)).items).toHaveLength(1);
    // Each try holds the event loop for 10 ms. Were it much more, most turns would be late; a few are on any busy machine.
    lagsMs.sort((one, two) => one - two);
    expect(lagsMs.length).toBeGreaterThan(20);
    expect(lagsMs[Math.floor(lagsMs.length * 0.9)]).toBeLessThan(50);
  });

  it('refuses everything after close', async () => {
    const store = await openTemporary();
    await store.close();
    await expect(store.projects()).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(store.transaction(async () => 1)).rejects.toMatchObject({ code: 'shutting_down' });
  });
});
