import { closeSync, existsSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from './migrations/all.ts';
import { openAt, temporaryFolder, withProject, withRun } from './opened.fixture.ts';

describe('openSqliteStore', () => {
  it('makes a private file with a write-ahead log, and finds its rows again', async () => {
    const path = join(temporaryFolder(), 'gluon.db');
    const first = await openAt(path);
    const project = await withProject(first);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    await first.close();
    const second = await openAt(path);
    expect(await second.project(project.id)).toEqual(project);
    expect(await second.schemaVersion()).toBe(MIGRATIONS.length);
    expect(await second.integrityProblem()).toBeNull();
  });

  it('refuses a newer schema and leaves it alone (fault 15)', async () => {
    const path = join(temporaryFolder(), 'gluon.db');
    const raw = new Database(path);
    raw.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    raw.exec('create table future (x)');
    raw.close();
    const before = readFileSync(path);
    await expect(openAt(path)).rejects.toMatchObject({ code: 'database_newer', params: { known: MIGRATIONS.length } });
    const after = new Database(path, { readonly: true });
    expect(after.prepare('select name from sqlite_schema').pluck().all()).toEqual(['future']);
    after.close();
    expect(before.length).toBeGreaterThan(0);
  });

  it('refuses a file that is no database, and a link', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'gluon.db');
    writeFileSync(path, 'not a database at all, but long enough to have a header'.repeat(100));
    const before = readFileSync(path);
    await expect(openAt(path)).rejects.toMatchObject({ code: 'database_corrupt' });
    expect(readFileSync(path)).toEqual(before);
    symlinkSync(path, join(folder, 'link.db'));
    await expect(openAt(join(folder, 'link.db'))).rejects.toMatchObject({ code: 'home_unsafe' });
  });

  it('detects damaged pages at start and writes nothing (fault 12)', async () => {
    const path = join(temporaryFolder(), 'gluon.db');
    const store = await openAt(path);
    const project = await withProject(store);
    for (let index = 0; index < 200; index += 1) await withRun(store, project.id, { prompt: 'x'.repeat(2000) });
    await store.close();
    const pages = statSync(path).size / 4096;
    let detected = 0;
    for (let page = 1; page < pages; page += Math.ceil(pages / 12)) {
      const copy = join(temporaryFolder(), 'gluon.db');
      const bytes = readFileSync(path);
      // The header of a page is what its structure hangs on; content alone carries no checksum in SQLite.
      bytes.fill(0xa5, page * 4096, page * 4096 + 64);
      writeFileSync(copy, bytes);
      try {
        await (await openAt(copy)).close();
      } catch (error) {
        expect(error).toMatchObject({ code: 'database_corrupt' });
        expect(readFileSync(copy)).toEqual(bytes);
        expect(existsSync(`${copy}-wal`)).toBe(false);
        detected += 1;
      }
    }
    // Pages of prompt text alone (overflow) may go unseen.
    expect(detected).toBeGreaterThanOrEqual(8);
  });

  it('fails closed where nothing can be written (fault 10)', async () => {
    await expect(openAt(join(temporaryFolder(), 'missing', 'gluon.db'))).rejects.toThrow();
    await expect(openAt('/proc/gluon.db')).rejects.toThrow();
  });

  it('goes on from a file whose last transaction was cut off', async () => {
    const path = join(temporaryFolder(), 'gluon.db');
    const store = await openAt(path);
    const project = await withProject(store);
    const copy = join(temporaryFolder(), 'gluon.db');
    writeFileSync(copy, readFileSync(path));
    const wal = readFileSync(`${path}-wal`);
    await withProject(store);
    const longer = readFileSync(`${path}-wal`);
    writeFileSync(`${copy}-wal`, longer.subarray(0, wal.length + Math.floor((longer.length - wal.length) / 2)));
    const again = await openAt(copy);
    expect((await again.projects()).map((row) => row.id)).toEqual([project.id]);
  });
});

describe('a file shorter than its header says', () => {
  it('is refused', async () => {
    const path = join(temporaryFolder(), 'gluon.db');
    const store = await openAt(path);
    await withProject(store);
    await store.close();
    const bytes = readFileSync(path);
    const fd = openSync(path, 'w');
    writeSync(fd, bytes, 0, Math.floor(bytes.length / 8192) * 4096);
    closeSync(fd);
    await expect(openAt(path)).rejects.toMatchObject({ code: 'database_corrupt' });
  });
});
