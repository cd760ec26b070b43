import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeWorld, type World } from '../../../src/adapters/git/cli/git.fixture.ts';
import { PLANTS, type Plant } from './planted-settings.ts';

let world: World;
let marker: string;
beforeEach(() => {
  world = makeWorld();
  marker = join(world.folder, 'marker');
});
afterEach(() => world.remove());

async function planted(runId: string, plant: Plant): Promise<ReturnType<World['copySpec']>> {
  const spec = world.copySpec(runId);
  await world.git.createWorkingCopy(spec);
  // Inside the sandbox the marker cannot be made: only a host process can leave it.
  await world.agent(`FIRE="touch '${marker}'"; ${plant.plant}`, spec.path);
  expect(existsSync(marker)).toBe(false);
  return spec;
}

describe.each(PLANTS)('$name', (plant) => {
  test('control: plain git on the host runs it', async () => {
    const spec = await planted('control', plant);
    try {
      world.sh(plant.control, spec.path);
    } catch {
      // Whether git is content does not matter here, only that it ran the program.
    }
    expect(existsSync(marker)).toBe(true);
    rmSync(marker);
  });

  test('nothing that Gluon does to a run makes the host run it', async () => {
    const spec = await planted('run1', plant);
    const { git, project } = world;
    const wc = spec.path;
    let head = spec.baseCommit;
    const limits = { maxBytes: 50_000_000, maxObjects: 10_000 };
    const importSpec = { runId: 'run1', projectPath: project, workingCopy: wc, branch: spec.branch, since: head, ...limits };
    const steps: [string, () => Promise<unknown>][] = [
      ['import while the agent works', () => git.importWork({ ...importSpec, autoCommit: null }, world.confined)],
      [
        'import with leftovers',
        async () => {
          head = (await git.importWork({ ...importSpec, autoCommit: { message: 'm', exclude: [] } }, world.confined)).head;
        },
      ],
      ['describe', () => git.describeWorkingCopy(project, wc)],
      ['diff', () => git.diff(project, spec.baseCommit, head, { offset: 0, limit: 1000 })],
      ['diff of a file', () => git.diff(project, spec.baseCommit, head, { path: 'a.txt', offset: 0, limit: 1000 })],
      ['changes', () => git.changes(project, spec.baseCommit, head)],
      ['commits', () => git.commits(project, spec.baseCommit, head, 100)],
      ['commit', () => git.commit(project, head)],
      ['list files', () => git.listFiles(project, head, '', 100)],
      ['export configuration', () => git.exportTrustedConfig(project, head, join(world.folder, 'trusted'))],
      ['rescue', () => git.rescue({ runId: 'run1', projectPath: project, workingCopy: wc, maxBytes: 50_000_000 }, world.confined)],
      ['remove', () => git.removeWorkingCopy(world.worktrees, wc)],
      ['undelete', () => git.undelete(spec)],
      ['remove again', () => git.removeWorkingCopy(world.worktrees, wc)],
      ['make again from its head', () => git.createWorkingCopy({ ...spec, commit: head })],
      ['merge', () => git.mergeIntoBase({ projectPath: project, base: 'main', head, message: 'Merge', projectName: 'p' })],
      ['inspect', () => git.inspect(project)],
      ['status', () => git.status(project)],
      ['snapshot', () => git.snapshotUncommitted(project)],
      ['branches', () => git.branches(project, { prefix: null, limit: 10 })],
      ['delete the branch', () => git.deleteBranch(project, spec.branch)],
    ];
    for (const [name, step] of steps) {
      await step();
      expect(existsSync(marker), name).toBe(false);
    }
    // The person's own git in their own checkout is no worse off.
    world.sh('git status; git log -p -1; git diff HEAD; git checkout -q -b after');
    expect(existsSync(marker), 'the person').toBe(false);
    expect(world.sh('git config --local --list')).not.toContain(marker);
  });
});
