/** Fault 7: the power goes, and with it what had not reached the disk. What was confirmed is there, the rest is whole or not at all. */
import { readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { git } from '../support/repository.ts';
import { oneMoreRun, quiet, stage, submit, untilWhole } from './drive.ts';
import { mountDisk, run } from './small-disk.ts';
import { answerOpen, ended } from './tour.ts';

test('fault 7: what was confirmed survives a power cut', { timeout: 180_000 }, async (context) => {
  const outer = await stage();
  const disk = await mountDisk(join(outer.home, 'disk'));
  if (disk === null) {
    await outer.close();
    return context.skip('needs the right to mount a file system of its own');
  }
  const state = { ...outer, home: join(disk.folder, 'home'), repository: join(disk.folder, 'project') };
  const model = await startScriptedModel();
  let gluon: Gluon | null = null;
  try {
    await mkdir(state.home);
    await cp(outer.repository, state.repository, { recursive: true });
    await run('sync', ['-f', disk.folder]);

    const up = await startGluon({ home: state.home, model });
    gluon = up;
    await up.call('projects.add', { name: 'shop', path: state.repository });
    const create = (prompt: string): Promise<string> => submit(up, state, prompt);
    const done = await create('write a.txt alpha\ncommit Alpha');
    const { head_commit: head } = await up.until(done, ended, 'it has ended');
    state.ledger.mergesAsked.push(head ?? '');
    await up.call('runs.merge', { run: done });
    const asking = await create('write b.txt beta\ncommit Beta\nask Colour | Which? | Red | Green\nwrite c.txt gamma');
    await up.until(asking, (each) => each.pending_questions === 1, 'it asks');
    await up.call('runs.send', { run: asking, text: 'write d.txt told' });
    await up.call('settings.set', { key: 'max_concurrent_runs', value: 3 });
    // Nobody asks for this to be kept: the control, that it is a power cut and not a mere kill.
    await writeFile(join(disk.folder, 'unsynced'), 'never asked to be kept');
    const last = await create('write e.txt epsilon');
    await up.kill();
    await disk.cutPower();
    expect(contentOf(join(disk.folder, 'unsynced'))).not.toBe('never asked to be kept');

    gluon = await up.restart();
    const { findings } = await gluon.call('system.doctor', {});
    expect(findings.filter((finding) => finding.id === 'database')).toMatchObject([{ status: 'pass' }]);
    expect(await gluon.call('runs.get', { run: done })).toMatchObject({ status: 'completed', head_commit: head });
    expect(await git(state.repository, 'cat-file', '-p', 'main:a.txt')).toBe('alpha');
    await git(state.repository, 'fsck', '--no-dangling');
    // Files of a checkout are not waited for, by no git: what is in the branch can be had again.
    await git(state.repository, 'checkout', '--quiet', '--', '.');
    expect((await gluon.call('runs.follow_ups', { run: asking })).items.map((item) => item.text)).toContain('write d.txt told');
    expect((await gluon.call('settings.get', { key: 'max_concurrent_runs' })).value).toBe(3);
    // What the agent had not handed over may be gone: then it begins again, and asks again.
    const asked = await gluon.until(asking, (each) => ended(each) || each.pending_questions === 1, 'it has ended or asks again');
    if (asked.pending_questions === 1) await answerOpen(gluon, asking);
    for (const id of [asking, last]) expect((await gluon.until(id, ended, 'it has ended')).outcome).toBe('completed');
    await quiet(gluon);
    expect(await oneMoreRun(gluon, state)).toBe('review completed');
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
  } finally {
    await gluon?.stop();
    await model.close();
    await disk.close();
    await outer.close();
  }
});

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The file itself did not reach the disk.
    return null;
  }
}
