/** The life of a run, driven by the command line alone, against a real server in its own process. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Project, Run, TranscriptRecord } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';

let gluon: Gluon;
let repository: string;

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository();
  await gluon.json<Project>('project', 'add', 'shop', repository);
});
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

const run = (prompt: string, ...flags: string[]) => gluon.cli('run', 'shop', prompt, '--agent', 'fake', ...flags);
const submit = (prompt: string, ...flags: string[]) => gluon.json<Run>('run', 'shop', prompt, '--agent', 'fake', '-b', ...flags);

describe('gluon run', () => {
  test('in the foreground: transcript, outcome, change, next steps; the checkout is untouched; merge brings it in', async () => {
    const done = await run('say Working.\nwrite cart.txt one\\n\ncommit Add a cart\nsay Finished.');
    expect(done.stderr).toBe('');
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/Working\.\n.*Finished\.\n.*✓ [0-9a-f]{8} completed \(review\)/s);
    const id = /✓ ([0-9a-f]{8})/.exec(done.stdout)?.[1] ?? '';
    expect(done.stdout).toContain(`gluon merge ${id}`);
    expect(await git(repository, 'status', '--porcelain')).toBe('');

    const diff = await gluon.cli('diff', id);
    expect(diff.stdout).toContain('+one');
    expect((await gluon.cli('diff', id, '--stat')).stdout).toMatch(/added\s+1\s+0\s+cart\.txt/);
    expect((await gluon.cli('commits', id)).stdout).toContain('Add a cart');
    const merged = await gluon.cli('merge', id);
    expect(merged.code).toBe(0);
    expect(await git(repository, 'show', 'main:cart.txt')).toBe('one');
    expect(await readFile(join(repository, 'cart.txt'), 'utf8')).toBe('one\n');
  });

  test('an outcome that is not "completed" is 1', async () => {
    const done = await run('say I stop.\nexit 3');
    expect(done.code).toBe(1);
    expect(done.stdout).toContain('agent_exit');
  });

  test('-q says only the final text; --json only the run', async () => {
    expect((await run('say First.\nsay Last.', '-q')).stdout).toBe('Last.\n');
    const json = await run('say x', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'review', outcome: 'completed' });
  });

  test('-b returns at once; show, logs and cancel by a prefix of the id', async () => {
    const made = await submit('say Here.\nhang');
    await gluon.until(made.id, (each) => each.status === 'running', 'it runs');
    const prefix = made.id.slice(0, 8);
    expect((await gluon.json<Run>('show', prefix)).id).toBe(made.id);
    expect((await gluon.json<{ items: Run[] }>('runs', '-a')).items.map((each) => each.id)).toContain(made.id);
    const cancelled = await gluon.cli('cancel', prefix);
    expect(cancelled.code).toBe(0);
    await gluon.until(made.id, (each) => each.status === 'cancelled', 'it is cancelled');
    const records = await gluon.json<TranscriptRecord[]>('logs', prefix, '--stream', 'messages');
    expect(records.map((record) => record.seq)).toEqual(records.map((_, index) => index + 1));
    expect(records.some((record) => record.type === 'text' && record.text === 'Here.')).toBe(true);
  });

  test('logs -f --json gives every record once, as it comes', async () => {
    const made = await submit('say a\nsleep 0.3\nsay b\nsleep 0.3\nsay c');
    const followed = await gluon.cli('logs', '-f', made.id, '--json');
    const lines = followed.stdout.trim().split('\n');
    const seqs = lines.map((line) => JSON.parse(line).seq);
    const stored = await gluon.json<TranscriptRecord[]>('logs', made.id);
    expect(seqs).toEqual(stored.map((record) => record.seq));
  });

  test('a question is answered from the command line, and the run goes on', async () => {
    const made = await submit('ask Colour | Which colour? | Red | Green\nsay Thank you.');
    await gluon.until(made.id, (each) => each.pending_questions === 1, 'it asks');
    expect((await gluon.cli('show', made.id)).stdout).toContain('2. Green');
    expect((await gluon.cli('answer', made.id, '2')).code).toBe(0);
    await gluon.until(made.id, (each) => each.status === 'review', 'it ends');
    expect((await gluon.cli('logs', made.id)).stdout).toContain('Thank you.');
    expect((await gluon.cli('answer', made.id, '1')).code).toBe(3);
  });

  test('resume -f goes on in the same run and shows only what is new', async () => {
    const made = await submit('say One.');
    await gluon.until(made.id, (each) => each.status === 'review', 'it ends');
    const resumed = await gluon.cli('resume', made.id, 'say Two.', '-f');
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain('Two.');
    expect(resumed.stdout).not.toMatch(/^One\.$/m);
  });

  test('what an agent writes does not reach the terminal as it is', async () => {
    const made = await submit('say \u001b]0;owned\u0007visible\u001b[2J');
    await gluon.until(made.id, (each) => each.status === 'review', 'it ends');
    for (const argv of [['logs', made.id], ['show', made.id], ['runs'], ['logs', made.id, '--stream', 'stdout']]) {
      const { stdout } = await gluon.cli(...argv);
      expect(stdout).not.toContain('\u001b');
    }
    expect((await gluon.cli('logs', made.id)).stdout).toContain('visible');
  });
});

describe('exit codes', () => {
  test.each([
    [['show', 'ffffffff'], 3],
    [['project', 'show', 'nothing'], 3],
    [['settings', 'get', 'nothing'], 3],
    [['project', 'add', 'shop', '/'], 2],
    [['run', 'shop', ' ', '-b'], 2],
    [['runs', '--nonsense'], 2],
    [['run', 'nothing', 'x', '-b'], 3],
    [['status'], 0],
  ])('gluon %j: %i', async (argv, code) => {
    expect((await gluon.cli(...argv)).code).toBe(code);
  });

  test('an illegal move is refused: 4, with the legal ones in the sentence', async () => {
    const made = await submit('say x');
    await gluon.until(made.id, (each) => each.status === 'review', 'it ends');
    const moved = await gluon.cli('move', made.id, 'running');
    expect(moved.code).toBe(4);
    expect(moved.stderr).toContain('Done');
  });
});

test('git status, branches, usage, stats, activity, worktrees and settings print tables', async () => {
  const commands = [
    ['git', 'status'],
    ['branch', 'list', 'shop'],
    ['usage'],
    ['stats'],
    ['activity'],
    ['worktree', 'list'],
    ['settings', 'list'],
    ['sessions'],
    ['cleanup', '-n'],
  ];
  for (const argv of commands) {
    const { code, stdout, stderr } = await gluon.cli(...argv);
    expect({ argv, code, stderr }).toEqual({ argv, code: 0, stderr: '' });
    expect(stdout.length).toBeGreaterThan(10);
    expect(JSON.parse((await gluon.cli(...argv, '--json')).stdout)).toBeTypeOf('object');
  }
});
