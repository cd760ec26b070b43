/** `.gluon.yml`: each of its fields, seen by an agent; read from the base branch, never from what an agent wrote. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { commitFiles, git, sampleRepository, writeFiles } from '../support/repository.ts';
import { cliProblem, finished, messages, refusal, submit, untilSaid } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let number = 0;
let project: string;

beforeAll(async () => {
  gluon = await startGluon({ config: 'max_concurrent_runs: 6\nmax_concurrent_runs_per_project: 6\n' });
});
afterAll(async () => {
  await gluon?.stop();
});
beforeEach(async () => {
  repository = await sampleRepository({ 'a.txt': 'a\n', '.gitignore': '.env\nnode_modules/\n*.log\n' });
  number += 1;
  project = `project-${number}`;
  await gluon.call('projects.add', { name: project, path: repository });
  return () => rm(repository, { recursive: true, force: true });
});

const projectFile = (text: string) => commitFiles(repository, { '.gluon.yml': text }, 'Project file');
const run = (prompt: string) => finished(gluon, project, prompt);
const outputs = async (made: Run) => (await messages(gluon, made.id, 'tool_result')).map((record) => String(record.output).trim());
const events = async (made: Run, type: string) =>
  (await gluon.call('runs.events', { run: made.id, limit: 500 })).items.filter((event) => event.type === type);

test('setup runs once in the new working copy, inside the sandbox, with the variables of the file', async () => {
  await projectFile(
    'setup: echo "$GREETING from setup" > made-by-setup.log; ls /root 2>&1 | head -1; echo ready\nenv:\n  GREETING: hello\n',
  );
  const made = await run('run cat made-by-setup.log\nrun echo "$GREETING"\nrun echo "$GLUON_RUN"');
  expect(await outputs(made)).toEqual(['hello from setup', 'hello', made.id]);
  const [ended] = await events(made, 'working_copy.script_ended');
  expect(ended?.payload).toMatchObject({ script: 'setup', exit_code: 0 });
  expect(String(ended?.payload.output)).toContain('ready');
  await gluon.call('runs.resume', { run: made.id, prompt: 'say again' });
  await gluon.until(made.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
  expect((await events(made, 'working_copy.script_ended')).length).toBe(1);
});

test('a setup that fails is a named failure with its output, and no agent starts', async () => {
  await projectFile('setup: echo cannot install; exit 7\n');
  const made = await run('say never');
  expect(made).toMatchObject({ status: 'failed', outcome: 'workspace_failed', model_calls: 0 });
  expect(made.outcome_detail).toMatch(/setup script ended with 7: cannot install/);
  expect(await messages(gluon, made.id, 'text')).toEqual([]);
  // After the correction it can be started again.
  await gluon.call('runs.move', { run: made.id, status: 'pending' });
  expect((await gluon.until(made.id, (each) => each.attempts === 2 && each.status === 'failed', 'it fails again')).outcome).toBe(
    'workspace_failed',
  );
});

test('copy brings ignored files along, and they are never committed, nor is what looks like a secret', async () => {
  await projectFile('copy: [".env", "local/*.json"]\n');
  await writeFile(join(repository, '.env'), 'SECRET=from-the-checkout\n');
  await writeFiles(repository, { 'local/x.json': '{}\n', 'node_modules/dep/index.js': 'x\n' });
  await writeFile(join(repository, '.git', 'info', 'exclude'), 'local/\n');
  const made = await run('run cat .env local/x.json; ls\nwrite key.pem secret\nwrite new.txt new\\n');
  expect((await outputs(made))[0]).toMatch(/SECRET=from-the-checkout\n\{\}\na\.txt\nlocal$/);
  expect(await git(repository, 'ls-tree', '-r', '--name-only', made.head_commit ?? '')).toBe('.gitignore\n.gluon.yml\na.txt\nnew.txt');
});

test('ports are leased: different for runs that live at the same time', async () => {
  await projectFile('ports: 2\n');
  const script = 'run echo "$GLUON_PORT_1 $GLUON_PORT_2"\nsay Here.\nhang';
  const runs = await Promise.all([submit(gluon, project, script), submit(gluon, project, script)]);
  const ports: string[] = [];
  for (const made of runs) {
    await untilSaid(gluon, made.id, 'Here.');
    ports.push(...((await outputs(made))[0] ?? '').split(' '));
  }
  expect(ports.every((port) => Number(port) > 1023 && Number(port) < 65_536)).toBe(true);
  expect(new Set(ports).size).toBe(4);
  for (const made of runs) await gluon.call('runs.cancel', { run: made.id });
});

test('base branch and branch template', async () => {
  await projectFile('base_branch: develop\nbranch_template: agents/{id8}/work\n');
  await git(repository, 'checkout', '--quiet', '-b', 'develop');
  const develop = await commitFiles(repository, { 'd.txt': 'd\n' }, 'On develop');
  await git(repository, 'checkout', '--quiet', 'main');
  const made = await run('run ls\nwrite x.txt x\ncommit X');
  expect(made).toMatchObject({ base_branch: 'develop', base_commit: develop, branch_name: `agents/${made.id.slice(0, 8)}/work` });
  expect((await outputs(made))[0]).toContain('d.txt');
  expect((await gluon.call('runs.merge', { run: made.id })).base).toBe('develop');
  // What the project or the person says comes first.
  await gluon.call('projects.update', { project, base_branch: 'main', branch_template: 'own/{id}' });
  const own = await run('say x');
  expect(own).toMatchObject({ base_branch: 'main', branch_name: `own/${own.id}` });
  const named = await finished(gluon, project, 'say x', { base: 'develop', branch: 'my-branch' });
  expect(named).toMatchObject({ base_branch: 'develop', branch_name: 'my-branch' });
});

test('auto_commit: false leaves what was not committed in the working copy', async () => {
  await projectFile('auto_commit: false\n');
  const made = await run('write a.txt changed\\n\nwrite new.txt new\\n');
  expect(made).toMatchObject({ status: 'review', commit_count: 0, files_changed: 0 });
  expect(await git(made.worktree_path ?? '', 'status', '--porcelain')).toBe('M a.txt\n?? new.txt');
  await projectFile('auto_commit: true\n');
  expect(await run('write a.txt changed\\n')).toMatchObject({ commit_count: 1, files_changed: 1 });
});

test('egress and caps are in force', async () => {
  await projectFile(
    'egress: ["registry.example.org"]\ncaps:\n  memory_mb: 200\n  pids: 77\n  file_mb: 5\n  disk_mb: 300\n  cpu_cores: 1\n',
  );
  const made = await run('run head -c 8000000 /dev/zero > big.bin; ls -s big.bin | cut -d" " -f1');
  expect(made.egress).toEqual(['registry.example.org']);
  expect((await gluon.call('egress.show', { run: made.id })).names).toEqual(['registry.example.org']);
  const [attempt] = (await gluon.call('runs.attempts', { run: made.id })).items;
  expect(attempt?.caps).toMatchObject({
    memory_bytes: 200 * 1024 ** 2,
    pids: 77,
    file_bytes: 5 * 1024 ** 2,
    disk_bytes: 300 * 1024 ** 2,
    cpu_cores: 1,
  });
  expect(Number((await outputs(made))[0]?.split('\n').at(-1))).toBeLessThanOrEqual(5 * 1024);
});

describe('whose file counts', () => {
  test('what an agent writes into it has no effect on its own run', async () => {
    await projectFile('env:\n  WHO: base\n');
    const made = await run('write .gluon.yml env:\\n  WHO: agent\\nsetup: touch /tmp/agent-was-here\\n\ncommit Mine');
    await gluon.call('runs.resume', { run: made.id, prompt: 'run echo "$WHO"' });
    await gluon.until(made.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
    expect((await outputs(made)).at(-1)).toBe('base');
    expect(await events(made, 'working_copy.script_ended')).toEqual([]);
  });

  test('what lies uncommitted in the checkout has none either', async () => {
    await projectFile('env:\n  WHO: base\n');
    await writeFile(join(repository, '.gluon.yml'), 'env:\n  WHO: checkout\n');
    expect(await outputs(await run('run echo "$WHO"'))).toEqual(['base']);
  });
});

test.each([
  ['setup: [1, 2]\n', 'setup'],
  ['nonsense: true\n', 'nonsense'],
  ['env:\n  1BAD: x\n', 'env'],
  ['a: b: c\n', ''],
  ['caps:\n  memory_mb: -5\n', 'memory_mb'],
])('an invalid file is refused before anything exists: %j', async (text, named) => {
  await projectFile(text);
  const before = (await gluon.call('runs.list', { limit: 500 })).items.length;
  const told = await refusal(gluon, 'POST', '/runs', { project, prompt: 'say x', agent: 'fake' });
  expect(told).toMatchObject({ status: 400, code: 'project_file_invalid' });
  expect(told.detail).toContain(named);
  expect(cliProblem(await gluon.cli('run', project, 'x', '-b', '--json'))).toMatchObject({ exit: 2, code: 'project_file_invalid' });
  expect((await gluon.call('runs.list', { limit: 500 })).items.length).toBe(before);
  expect(await git(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
});
