/** A store in a folder of its own, taken away after each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { ProjectRow, RunRow, Store } from '../../../ports/store.ts';
import { systemClock } from '../../system/clock.ts';
import { silentLog } from '../../system/log.ts';
import { openSqliteStore, type SqliteStoreOptions } from './open.ts';
import { projectRow, runRow } from './rows.fixture.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gluon-store-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function openAt(path: string, over: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  const store = await openSqliteStore({ path, clock: systemClock(), log: silentLog(), ...over });
  cleanups.push(() => store.close().catch(() => {}));
  return store;
}

export async function openTemporary(over: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  return openAt(join(temporaryFolder(), 'gluon.db'), over);
}

export async function withProject(store: Store, over: Partial<ProjectRow> = {}): Promise<ProjectRow> {
  const project = projectRow(over);
  await store.transaction((tx) => tx.insertProject(project));
  return project;
}

export async function withRun(store: Store, projectId: string, over: Partial<RunRow> = {}): Promise<RunRow> {
  const run = runRow(projectId, over);
  await store.transaction((tx) => tx.insertRun(run));
  return run;
}
