import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAt, temporaryFolder, withProject, withRun } from './opened.fixture.ts';

/** A file system of 2 MB; null where this user may not mount one. */
function smallDisk(): string | null {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'gluon-test', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    // Needs rights that a test run may not have: the test says that it was skipped.
    return null;
  }
}

describe('a full disk (fault 8)', () => {
  it('is named, keeps what was committed, and is over when there is room', async (test) => {
    const folder = smallDisk();
    if (folder === null) return test.skip('needs the right to mount a small file system');
    try {
      const store = await openAt(join(folder, 'gluon.db'));
      const project = await withProject(store);
      const kept: string[] = [];
      const ballast = join(folder, 'ballast');
      writeFileSync(ballast, Buffer.alloc(700_000));
      const fill = async () => {
        for (let index = 0; index < 2000; index += 1) kept.push((await withRun(store, project.id, { prompt: 'x'.repeat(5000) })).id);
      };
      await expect(fill()).rejects.toMatchObject({ code: 'disk_full' });
      await expect(withRun(store, project.id, { prompt: 'x'.repeat(50_000) })).rejects.toMatchObject({ code: 'disk_full' });
      expect(kept.length).toBeGreaterThan(3);
      expect((await store.countRuns()).pending).toBe(kept.length);
      expect(await store.integrityProblem()).toBeNull();
      rmSync(ballast);
      kept.push((await withRun(store, project.id)).id);
      expect((await store.listRuns({}, 2000)).items.map((run) => run.id).sort()).toEqual(kept.sort());
      await store.close();
    } finally {
      execFileSync('umount', ['-l', folder]);
    }
  });
});
