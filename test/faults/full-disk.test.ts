/**
 * Faults 8 and 9: the disk of the home runs out of bytes, or of names for files, while a run is at work. Nothing is corrupt, runs say
 * what happened, and it is over with room.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGluon } from '../support/gluon.ts';
import { noteWork, stage, untilWhole } from './drive.ts';
import { mountTmpfs, run } from './small-disk.ts';
import { ended } from './tour.ts';

interface Shortage {
  what: string;
  options: string;
  /** A shell command that uses up the rest. */
  fill: string;
  /** Whether what is sent to the server cannot be written down either: rows need bytes, but no files of their own. */
  refuses: boolean;
}

const SHORTAGES: Shortage[] = [
  { what: 'fault 8: no bytes', options: 'size=320m', fill: 'dd if=/dev/zero of=filler/bytes bs=64k', refuses: true },
  {
    what: 'fault 9: no inodes',
    options: 'size=320m,nr_inodes=2000',
    fill: 'n=0; while : > filler/$n; do n=$((n + 1)); done',
    refuses: false,
  },
];

test.for(SHORTAGES)('$what left in the middle of a run', { timeout: 180_000 }, async ({ options, fill, refuses }, context) => {
  const state = await stage();
  const small = join(state.home, 'small');
  if (!(await mountTmpfs(small, options))) {
    await state.close();
    return context.skip('needs the right to mount a small file system');
  }
  try {
    state.home = small;
    const gluon = await startGluon({ home: small });
    try {
      await gluon.call('projects.add', { name: 'shop', path: state.repository });
      const script = 'write a.txt before\ncommit Before\nask Wait | Go on? | Yes | No\nwrite b.txt after\ncommit After';
      const made = await gluon.call('runs.create', { project: 'shop', prompt: script, agent: 'fake' });
      state.ledger.accepted.push(made.id);
      await gluon.until(made.id, (each) => each.pending_questions === 1, 'it asks');
      await noteWork(state);

      const filler = join(small, 'filler');
      await mkdir(filler);
      await expect(run('sh', ['-c', fill], { cwd: small, maxBuffer: 1_000_000 })).rejects.toThrow(/space/i);
      // What cannot be written down is refused with the reason, and the server goes on.
      const refusals: number[] = [];
      for (let index = 0; index < (refuses ? 40 : 4); index += 1) {
        const body = { project: 'shop', prompt: 'x'.repeat(200_000), agent: 'fake' };
        const answer = await gluon.raw('POST', '/runs', body);
        refusals.push(answer.status);
        if (answer.status === 201) state.ledger.accepted.push((answer.body as { id: string }).id);
        else expect(JSON.stringify(answer.body)).toMatch(/disk|space/i);
      }
      expect(refusals.some((status) => status >= 500)).toBe(refuses);
      expect((await gluon.raw('GET', '/health')).status).toBe(200);
      const [question] = (await gluon.call('runs.questions', { run: made.id })).items;
      const path = `/questions/${question?.id}/answer`;
      const answered = await gluon.raw('POST', path, { answers: { 'Go on?': 'Yes' } });
      await new Promise((resolve) => setTimeout(resolve, 2_000));

      await rm(filler, { recursive: true });
      if (answered.status !== 200) await gluon.raw('POST', path, { answers: { 'Go on?': 'Yes' } });
      const done = await gluon.until(made.id, (each) => ended(each) && each.pending_questions === 0, 'it has ended', 40_000);
      expect(done.outcome).toEqual(expect.any(String));
      const { findings } = await gluon.call('system.doctor', {});
      expect(findings.filter((finding) => /database/i.test(finding.title) && finding.status === 'fail')).toEqual([]);
      for (const id of state.ledger.accepted) await gluon.until(id, ended, 'every accepted run ends', 40_000);
      expect((await untilWhole(gluon, state)).broken).toEqual([]);
    } finally {
      await gluon.stop();
      await gluon.model.close();
    }
  } finally {
    await run('umount', [small]);
    await rm(state.repository, { recursive: true, force: true });
    await rm(join(small, '..'), { recursive: true, force: true });
  }
});
