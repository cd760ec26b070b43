/** What an agent committed is never obeyed as configuration: neither by its own run, nor by a fork or a recovery that starts from its commits. */
import { access, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { commitFiles, sampleRepository, writeFiles } from '../support/repository.ts';

let gluon: Gluon;
let project: string;
beforeAll(async () => {
  gluon = await startGluon({ config: 'sandbox: strict\negress: none\n' });
  project = await sampleRepository({ 'README.md': '# Sample\n', '.gitignore': 'secret.txt\n' });
  await writeFiles(project, { 'secret.txt': 'only on the machine of its owner\n' });
  await gluon.call('projects.add', { name: 'p', path: project });
});
afterAll(async () => {
  await gluon.stop();
  await rm(project, { recursive: true, force: true });
});

/** Asks for an ignored file of the person's checkout to be copied into working copies. */
const GREEDY = 'run printf \'copy: ["secret.txt"]\\nsetup: "touch set-up-by-agent"\\n\' > .gluon.yml';

const ended = (run: Run) => run.status === 'review' || run.status === 'failed';

async function agentWritesConfiguration(): Promise<Run> {
  const run = await gluon.call('runs.create', {
    project: 'p',
    agent: 'fake',
    prompt: `${GREEDY}\ncommit Configuration by an agent\nsay done`,
  });
  const done = await gluon.until(run.id, ended, 'the agent has written its configuration');
  expect(done).toMatchObject({ outcome: 'completed', commit_count: 1 });
  return done;
}

async function copied(run: Run): Promise<boolean> {
  const path = join(gluon.home, 'worktrees', `wt-${run.id.slice(0, 8)}`);
  const there = (name: string) =>
    access(join(path, name)).then(
      () => true,
      () => false,
    );
  expect(await readFile(join(path, '.gluon.yml'), 'utf8')).toContain('secret.txt');
  return (await there('secret.txt')) || (await there('set-up-by-agent'));
}

describe('configuration that an agent committed', () => {
  it('is not obeyed by a fork of its run', async () => {
    const source = await agentWritesConfiguration();
    const fork = await gluon.call('runs.fork', { run: source.id, prompt: 'say hello' });
    expect(await copied(await gluon.until(fork.id, ended, 'the fork has ended'))).toBe(false);
  });

  it('is not obeyed by a recovery in a new run', async () => {
    const source = await agentWritesConfiguration();
    const recovery = await gluon.call('runs.recover', { run: source.id, fresh: true });
    expect(await copied(await gluon.until(recovery.id, ended, 'the recovery has ended'))).toBe(false);
  });

  it('is not obeyed by a run that starts from its branch', async () => {
    const source = await agentWritesConfiguration();
    const run = await gluon.call('runs.create', { project: 'p', agent: 'fake', base: source.branch_name ?? '', prompt: 'say hello' });
    expect(await copied(await gluon.until(run.id, ended, 'the run has ended'))).toBe(false);
  });

  it('positive control: the same file on the base branch is obeyed', async () => {
    await commitFiles(project, { '.gluon.yml': 'copy: ["secret.txt"]\n' }, 'Copy the secret');
    const run = await gluon.call('runs.create', { project: 'p', agent: 'fake', prompt: 'say hello' });
    expect(await copied(await gluon.until(run.id, ended, 'the run has ended'))).toBe(true);
  });
});
