import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database, { type Database as RawDatabase } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from './migrations/all.ts';
import { openAt, temporaryFolder, withProject, withRun } from './opened.fixture.ts';
import { callRow } from './rows.fixture.ts';

/** A database of schema 1 with data: what the first release may have left. */
async function oldDatabase(path: string) {
  // Later schemas add tables of their own, and one column.
  await (await openAt(path, { migrations: MIGRATIONS.slice(0, 4) })).close();
  const early = new Database(path);
  early.exec('alter table runs add column settled_at text');
  early.close();
  const store = await openAt(path, { migrations: MIGRATIONS.slice(0, 4) });
  const project = await withProject(store);
  const run = await withRun(store, project.id, { title: 'Repair the clock tower', base_commit: 'abc', config_commit: 'abc' });
  await store.close();
  const raw = new Database(path);
  for (const name of [
    'runs_search_in',
    'runs_search_out',
    'runs_search_over',
    'runs_counted_in',
    'runs_counted_out',
    'runs_counted_over',
  ]) {
    raw.exec(`drop trigger ${name}`);
  }
  for (const table of ['run_search', 'run_counts', 'usage_runs', 'usage_days']) raw.exec(`drop table ${table}`);
  for (const column of ['first_of_run', 'first_of_model']) raw.exec(`alter table model_calls drop column ${column}`);
  for (const column of ['config_commit', 'cancel_requested', 'settled_at']) raw.exec(`alter table runs drop column ${column}`);
  raw.exec(`delete from kysely_migration where name <> '001-tables'`);
  raw.pragma('user_version = 1');
  const calls = [
    callRow(run),
    callRow(run, { model: 'model-b', cost_usd: null, at: '2026-11-02T09:00:00.000Z' }),
    callRow(run, { state: 'reserved' }),
  ];
  for (const call of calls) {
    const row: Record<string, unknown> = { ...call, profile: 'standard' };
    const names = Object.keys(row);
    raw.prepare(`insert into model_calls (${names.join()}) values (${names.map((name) => `@${name}`).join()})`).run(row);
  }
  raw.close();
  return { project, run };
}

function schemaOf(path: string): { version: number; objects: unknown[]; calls: unknown } {
  const raw: RawDatabase = new Database(path);
  try {
    return {
      version: raw.pragma('user_version', { simple: true }) as number,
      objects: raw.prepare(`select type, name, sql from sqlite_schema order by type, name`).all(),
      calls: raw.prepare('select count(*) as number from model_calls').get(),
    };
  } finally {
    raw.close();
  }
}

describe('migrations', () => {
  it('carry the data of the first schema to the last, after a copy of the file', async () => {
    const path = join(temporaryFolder(), 'gluon.db');
    const { project, run } = await oldDatabase(path);
    const store = await openAt(path);
    expect(await store.schemaVersion()).toBe(MIGRATIONS.length);
    // 002: sums over what was settled before.
    expect(await store.usageTotals({})).toMatchObject({ runs: 1, model_calls: 2, cost_usd: 0.25, unpriced_calls: 1, input_tokens: 200 });
    expect(await store.usageByDay({})).toMatchObject([
      { day: '2026-11-01', runs: 1 },
      { day: '2026-11-02', runs: 0 },
    ]);
    expect(await store.usageByModel({})).toMatchObject([{ runs: 1 }, { runs: 1 }]);
    expect(await store.countRuns(project.id)).toMatchObject({ pending: 1 });
    // 004: a run of before obeys its base, as it did.
    expect(await store.run(run.id)).toMatchObject({ config_commit: run.base_commit, cancel_requested: false });
    // 003: a run of before is found.
    expect((await store.listRuns({ search: 'CLOCK tow' }, 10)).items).toEqual([run]);
    expect(await store.integrityProblem()).toBeNull();
    const copy = join(path, '..', 'backups', 'gluon.db.schema-1');
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(schemaOf(copy)).toMatchObject({ version: 1, calls: { number: 3 } });
  });

  it('leave an old or a new schema when the process is killed at any statement (fault 6)', async () => {
    const folder = temporaryFolder();
    const origin = join(folder, 'origin.db');
    await oldDatabase(origin);
    const legal = new Map<number, unknown>();
    const finished = join(folder, 'finished.db');
    copyFileSync(origin, finished);
    await (await openAt(finished)).close();
    legal.set(1, schemaOf(origin).objects);
    legal.set(MIGRATIONS.length, schemaOf(finished).objects);
    for (let version = 2; version < MIGRATIONS.length; version += 1) {
      const middle = join(folder, `middle-${version}.db`);
      copyFileSync(origin, middle);
      await (await openAt(middle, { migrations: MIGRATIONS.slice(0, version) })).close();
      legal.set(version, schemaOf(middle).objects);
    }

    const statements = MIGRATIONS.slice(1).reduce((sum, { statements: all }) => sum + all.length, 0);
    const met = new Set<number>();
    for (let kill = 1; kill <= statements; kill += 2) {
      const path = join(folder, `kill-${kill}.db`);
      copyFileSync(origin, path);
      expect(await killedAt(path, kill)).toBe('SIGKILL');
      const { version, objects, calls } = schemaOf(path);
      expect(objects).toEqual(legal.get(version));
      expect(calls).toEqual({ number: 3 });
      met.add(version);
      const again = await openAt(path);
      expect(await again.usageTotals({})).toMatchObject({ model_calls: 2 });
      await again.close();
    }
    expect([...met].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(existsSync(join(folder, 'backups'))).toBe(true);
  }, 120_000);
});

/** Opens the database in a process that kills itself at that statement of the migrations; gives the signal that ended it. */
function killedAt(path: string, statement: number): Promise<NodeJS.Signals | null> {
  const program = join(import.meta.dirname, 'killed-migration.fixture.ts');
  const child = spawn(process.execPath, [program, path, String(statement)], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
}
