import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../../core/run/status.ts';
import type { RunFilter, RunRow, Store, StoreWrites } from '../../../ports/store.ts';
import { openTemporary, withProject, withRun } from './opened.fixture.ts';
import { runRow } from './rows.fixture.ts';

async function everyPage(store: Store, filter: RunFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 200; pages += 1) {
    const page = await store.listRuns(filter, limit, cursor);
    ids.push(...page.items.map((run) => run.id));
    if (page.next_cursor === null) return ids;
    cursor = page.next_cursor;
  }
  throw new Error('the list does not end');
}

describe('runs', () => {
  it('come back as they were stored, structures and booleans and all', async () => {
    const store = await openTemporary();
    const project = await withProject(store, { egress: ['example.org', '*.example.com:8443'], egress_allowed: ['a.test'] });
    expect(await store.project(project.id)).toEqual(project);
    const run = await withRun(store, project.id, {
      waiting: { reason: 'slot', detail: 'full', since: '2026-11-01T10:00:00.000Z' },
      egress: ['example.org'],
      egress_refused: ['x.test'],
      plan_first: true,
      use_worktree: false,
      archived: true,
      ports: [4001, 4002],
      images: ['a'.repeat(64)],
      next_attempt: { kind: 'start', prompt: 'Go "on"\n', images: [], resume: false, not_before: null, by: 'person' },
      cost_usd: null,
      max_cost_usd: 0.1,
    });
    expect(await store.run(run.id)).toEqual(run);
    expect(await store.leasedPorts()).toEqual([4001, 4002]);
    expect(await store.run('missing')).toBeNull();
  });

  it('are listed newest first, each exactly once, under every filter and page size', async () => {
    const store = await openTemporary();
    const projects = [await withProject(store), await withProject(store)];
    const statuses: RunStatus[] = ['pending', 'running', 'review', 'completed', 'failed', 'cancelled'];
    const rows: RunRow[] = [];
    for (let index = 0; index < 90; index += 1) {
      // Few different times: ids must break the ties.
      const created_at = `2026-11-01T10:00:0${index % 7}.000Z`;
      const over = {
        created_at,
        status: statuses[index % 6],
        archived: index % 4 === 0,
        title: index % 3 === 0 ? `Fix "the" ÄPFEL ${index}` : 'other',
      };
      rows.push(runRow(projects[index % 2]?.id ?? '', over));
    }
    await store.transaction(async (tx) => {
      for (const row of rows) await tx.insertRun(row);
    });
    const filters = fc.record(
      {
        project_id: fc.constantFrom(...projects.map((project) => project.id)),
        statuses: fc.subarray(statuses, { minLength: 1 }),
        archived: fc.boolean(),
        search: fc.constantFrom('the" äpf', 'PFE', 'x', 'ot', 'fix', '% _', '*'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 40 }), async (filter, limit) => {
        const ids = await everyPage(store, filter, limit);
        const wanted = rows.filter(
          (row) =>
            (filter.project_id === undefined || row.project_id === filter.project_id) &&
            (filter.statuses === undefined || filter.statuses.includes(row.status)) &&
            (filter.archived === undefined || row.archived === filter.archived) &&
            (filter.search === undefined || `${row.title}\n${row.prompt}`.toLowerCase().includes(filter.search.toLowerCase())),
        );
        expect([...ids].sort()).toEqual(wanted.map((row) => row.id).sort());
        if (filter.search !== undefined) return;
        const sorted = wanted.sort((one, other) => (`${one.created_at}${one.id}` < `${other.created_at}${other.id}` ? 1 : -1));
        expect(ids).toEqual(sorted.map((row) => row.id));
      }),
      { numRuns: 60 },
    );
    await expect(store.listRuns({}, 10, 'bm9uc2Vuc2U')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('are found by prefix, session and branch, and counted by state', async () => {
    const store = await openTemporary();
    const project = await withProject(store);
    const ids = ['ab01', 'ab02', 'ac01'].map((prefix) => prefix.padEnd(32, '0'));
    for (const id of ids) await withRun(store, project.id, { id, session_id: `s-${id}`, branch_name: `b-${id}` });
    expect(await store.runIdsByPrefix('ab', 10)).toEqual(ids.slice(0, 2));
    expect(await store.runIdsByPrefix('a', 2)).toHaveLength(2);
    expect(await store.runIdsByPrefix('b', 2)).toEqual([]);
    expect((await store.runBySession(`s-${ids[1]}`))?.id).toBe(ids[1]);
    expect((await store.runByBranch(project.id, `b-${ids[2]}`))?.id).toBe(ids[2]);
    await store.transaction((tx) => tx.updateRun(ids[0] ?? '', { status: 'running' }));
    await store.transaction((tx) => tx.deleteRun(ids[2] ?? ''));
    expect(await store.countRuns(project.id)).toEqual({ pending: 1, running: 1, review: 0, completed: 0, failed: 0, cancelled: 0 });
    expect((await store.runsInState(['running'])).map((run) => run.id)).toEqual([ids[0]]);
  });

  it('change only when status and epoch are as expected', async () => {
    const store = await openTemporary();
    const run = await withRun(store, (await withProject(store)).id, { epoch: 3 });
    const update = (expected: Parameters<Parameters<Parameters<Store['transaction']>[0]>[0]['updateRun']>[2]) =>
      store.transaction((tx) => tx.updateRun(run.id, { title: 'changed' }, expected));
    expect(await update({ status: 'running' })).toBe(false);
    expect(await update({ status: ['pending', 'running'], epoch: 2 })).toBe(false);
    expect((await store.run(run.id))?.title).toBe('A title');
    expect(await update({ status: ['pending', 'running'], epoch: 3 })).toBe(true);
    const changed = await store.run(run.id);
    expect(changed?.title).toBe('changed');
    expect(changed?.updated_at).not.toBe(run.updated_at);
    await expect(store.transaction((tx) => tx.updateRun(run.id, { seq: 0 }))).rejects.toThrow('seq');
  });

  it('know since when they are done with, by every change of their state', async () => {
    const store = await openTemporary();
    const run = await withRun(store, (await withProject(store)).id, { status: 'review', ended_at: '2026-01-01T00:00:00.000Z' });
    const move = async (patch: Parameters<StoreWrites['updateRun']>[1]) => {
      await store.transaction((tx) => tx.updateRun(run.id, patch));
      return (await store.run(run.id))?.settled_at;
    };
    expect(await move({ title: 'Another' })).toBeNull();
    const settled = await move({ status: 'completed' });
    expect(settled).toBe((await store.run(run.id))?.updated_at);
    expect(await move({ title: 'A third' })).toBe(settled);
    const over = (before: string) => store.runsSettledBefore(before, ['completed'], 10);
    expect(await over('2026-06-01T00:00:00.000Z')).toEqual([]);
    expect(await over('9999-12-31T00:00:00.000Z')).toMatchObject([{ id: run.id }]);
    expect(await move({ status: 'review' })).toBeNull();
  });

  it('keep an unknown cost unknown, and never a reservation below zero', async () => {
    const store = await openTemporary();
    const run = await withRun(store, (await withProject(store)).id);
    const none = {
      cost_usd: 0,
      reserved_usd: 0,
      input_tokens: 0,
      output_tokens: 0,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      model_calls: 0,
    };
    const add = (delta: Partial<typeof none> | { cost_usd: null }) => store.transaction((tx) => tx.addUsage(run.id, { ...none, ...delta }));
    await add({ reserved_usd: 0.1 + 0.2, cost_usd: 1, input_tokens: 5, model_calls: 1 });
    await add({ reserved_usd: -0.3 - 1e-12 });
    expect(await store.run(run.id)).toMatchObject({ cost_usd: 1, input_tokens: 5, model_calls: 1 });
    expect((await store.run(run.id))?.reserved_usd).toBeGreaterThanOrEqual(0);
    await add({ cost_usd: null });
    await add({ cost_usd: 1 });
    expect((await store.run(run.id))?.cost_usd).toBeNull();
  });
});

describe('projects', () => {
  it('have names of their own', async () => {
    const store = await openTemporary();
    await withProject(store, { name: 'one' });
    const two = await withProject(store, { name: 'two' });
    await expect(withProject(store, { name: 'one' })).rejects.toMatchObject({ code: 'project_exists' });
    await expect(store.transaction((tx) => tx.updateProject(two.id, { name: 'one' }))).rejects.toMatchObject({ code: 'project_exists' });
  });

  it('go with their ended runs, but not while one waits or runs', async () => {
    const store = await openTemporary();
    const project = await withProject(store);
    const other = await withRun(store, (await withProject(store)).id);
    const run = await withRun(store, project.id);
    await store.transaction((tx) => tx.appendEvent({ type: 'run.archived', payload: {}, run_id: run.id, actor: 'person' }));
    await expect(store.transaction((tx) => tx.deleteProject(project.id))).rejects.toMatchObject({ code: 'project_busy' });
    await store.transaction((tx) => tx.updateRun(run.id, { status: 'completed' }));
    for (let index = 0; index < 50; index += 1) await withRun(store, project.id, { status: 'failed' });
    await store.transaction((tx) => tx.deleteProject(project.id));
    expect(await store.project(project.id)).toBeNull();
    expect((await store.listRuns({}, 100)).items.map((row) => row.id)).toEqual([other.id]);
    expect(await store.events(0, 10)).toEqual([]);
    expect(await store.integrityProblem()).toBeNull();
  });
});
