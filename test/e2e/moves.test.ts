/** Every move between the columns, through REST and the command line, with what it does. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import { COLUMNS, legalMoves, RUN_STATUSES, type RunStatus } from '../../src/core/run/status.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import {
  cliProblem,
  eventTypes,
  eventually,
  finished,
  messages,
  processesOf,
  refusal,
  submit,
  untilSaid,
  untilSettled,
} from '../support/runs.ts';

let gluon: Gluon;
let repository: string;

beforeAll(async () => {
  gluon = await startGluon({ config: 'max_concurrent_runs: 8\nmax_concurrent_runs_per_project: 8\n' });
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
  await gluon.call('projects.add', { name: 'full', path: repository });
  // Nothing of this project ever starts: its one place is taken.
  await gluon.call('projects.update', { project: 'full', max_concurrent_runs: 1 });
  const blocker = await submit(gluon, 'full', 'hang');
  await gluon.until(blocker.id, (each) => each.status === 'running', 'it runs');
});
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

const move = (run: Run, status: RunStatus) => gluon.call('runs.move', { run: run.id, status });

/** A run in that state, reached by the ways a person has. */
async function runIn(status: RunStatus): Promise<Run> {
  switch (status) {
    case 'pending':
      return submit(gluon, 'full', 'say x');
    case 'running': {
      const made = await submit(gluon, 'shop', 'say Here.\nhang');
      return gluon.until(made.id, (each) => each.status === 'running', 'it runs');
    }
    case 'review':
      return finished(gluon, 'shop', 'say x');
    default:
      return move(await finished(gluon, 'shop', 'say x'), status);
  }
}

describe.each(RUN_STATUSES)('a run in %s', (from) => {
  let run: Run;
  beforeAll(async () => {
    run = await runIn(from);
  });
  afterAll(async () => {
    if (from === 'pending' || from === 'running') await gluon.call('runs.cancel', { run: run.id });
  });

  test('names its legal moves', () => {
    expect(run.status).toBe(from);
    expect(run.legal_moves).toEqual([...legalMoves(from)]);
  });

  test.each(RUN_STATUSES.filter((to) => !legalMoves(from).includes(to)))(
    'cannot go to %s: 409 and exit code 4, nothing changes',
    async (to) => {
      const told = await refusal(gluon, 'POST', `/runs/${run.id}/status`, { status: to });
      expect(told).toMatchObject({ status: 409, code: 'move_illegal' });
      expect(told.detail).toContain(`A run in ${COLUMNS[from]} cannot be moved to ${COLUMNS[to]}`);
      for (const legal of legalMoves(from)) expect(told.detail).toContain(COLUMNS[legal]);
      const cli = cliProblem(await gluon.cli('move', run.id, to, '--json'));
      expect(cli).toMatchObject({ exit: 4, code: 'move_illegal', sentence: told.detail });
      expect((await gluon.call('runs.get', { run: run.id })).status).toBe(from);
    },
  );
});

describe('legal moves', () => {
  test('pending → cancelled: it never starts', async () => {
    const run = await runIn('pending');
    expect((await gluon.json<Run>('move', run.id, 'cancelled')).status).toBe('cancelled');
    const shown = await gluon.call('runs.get', { run: run.id });
    expect(shown).toMatchObject({ status: 'cancelled', attempts: 0, waiting: null, worktree_path: null, started_at: null });
    expect(await eventTypes(gluon, run.id)).toContain('run.cancelled');
  });

  test('running → cancelled: the process is gone, what it did is kept', async () => {
    const made = await submit(gluon, 'shop', 'write half.txt half\nsay Here.\nhang');
    await gluon.until(made.id, (each) => each.status === 'running', 'it runs');
    await untilSaid(gluon, made.id, 'Here.');
    expect(processesOf(made.id).length).toBeGreaterThan(0);
    const cancelled = await move(made, 'cancelled');
    expect(cancelled).toMatchObject({ status: 'cancelled', outcome: 'interrupted', commit_count: 1, files_changed: 1 });
    expect(processesOf(made.id)).toEqual([]);
    expect((await gluon.cli('diff', made.id)).stdout).toContain('+half');
  });

  test('review → pending: it really runs again, in its session and working copy', async () => {
    const run = await finished(gluon, 'shop', 'say First.\nwrite a.txt a\ncommit A');
    expect((await move(run, 'pending')).waiting?.reason ?? 'none').toMatch(/none|slot/);
    const again = await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it ran again');
    expect(again).toMatchObject({ session_id: run.session_id, worktree_path: run.worktree_path, head_commit: run.head_commit });
    const [, second] = (await gluon.call('runs.attempts', { run: run.id })).items;
    expect(second).toMatchObject({ number: 2, kind: 'resume', session_id: run.session_id });
    expect(await eventTypes(gluon, run.id)).toEqual(expect.arrayContaining(['run.queued', 'run.moved']));
  });

  test('review → completed → review; review → failed → pending; cancelled → pending', async () => {
    const run = await finished(gluon, 'shop', 'say x');
    expect((await move(run, 'completed')).status).toBe('completed');
    expect((await gluon.json<Run>('move', run.id, 'review')).status).toBe('review');
    expect((await move(run, 'failed')).status).toBe('failed');
    await move(run, 'pending');
    await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it ran again');
    expect((await move(run, 'cancelled')).status).toBe('cancelled');
    await move(run, 'pending');
    await gluon.until(run.id, (each) => each.attempts === 3 && each.status === 'review', 'it ran a third time');
    const moved = (await gluon.call('runs.events', { run: run.id, limit: 500 })).items.filter((event) => event.type === 'run.moved');
    expect(moved.map(({ payload }) => `${payload.from}→${payload.to}`)).toEqual([
      'review→completed',
      'completed→review',
      'review→failed',
      'failed→pending',
      'cancelled→pending',
    ]);
  });

  test('a cancelled run that never started begins with its own prompt', async () => {
    const run = await runIn('pending');
    await move(run, 'cancelled');
    await gluon.call('projects.update', { project: 'full', max_concurrent_runs: 2 });
    await move(run, 'pending');
    await gluon.until(run.id, (each) => each.status === 'review', 'it ends');
    await gluon.call('projects.update', { project: 'full', max_concurrent_runs: 1 });
    expect((await messages(gluon, run.id, 'user')).map((record) => record.text)).toEqual(['say x']);
  });

  test('a move that was meant for another state is refused with what it is now', async () => {
    const run = await finished(gluon, 'shop', 'say x');
    const told = await refusal(gluon, 'POST', `/runs/${run.id}/status`, { status: 'pending', expected: 'failed' });
    expect(told).toMatchObject({ status: 409, code: 'run_changed' });
    expect(told.detail).toContain('review');
    expect(cliProblem(await gluon.cli('move', run.id, 'completed', '--expected', 'running', '--json'))).toMatchObject({
      exit: 1,
      code: 'run_changed',
    });
  });

  test('two people at once: one move wins, the other hears why not', async () => {
    const run = await finished(gluon, 'shop', 'say x');
    const answers = await Promise.all(['completed', 'failed'].map((status) => gluon.raw('POST', `/runs/${run.id}/status`, { status })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });
});

describe('Ctrl-C in the foreground', () => {
  test('stops the run of "run" and ends with 130; one who only looks leaves it alone', async () => {
    const running = gluon.start('run', 'shop', 'say Here.\nhang', '--agent', 'fake');
    const [made] = await eventually(async () => {
      const { items } = await gluon.call('runs.list', { status: ['running'], project: 'shop' });
      return items.length > 0 && items;
    }, 'the run');
    if (made === undefined) throw new Error('no run');
    await eventually(async () => running.output().includes('Here.'), 'the first words');
    const looking = gluon.start('attach', made.id);
    await eventually(async () => looking.output().includes('Here.'), 'the first words again');
    looking.child.kill('SIGINT');
    expect((await looking.ended).code).toBe(130);
    expect((await gluon.call('runs.get', { run: made.id })).status).toBe('running');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect((await gluon.call('runs.get', { run: made.id })).status).toBe('cancelled');
    expect(processesOf(made.id)).toEqual([]);
  });
});

describe('interrupt, archive, update', () => {
  test('interrupt leaves the run in Review with its session; again it is refused', async () => {
    const run = await runIn('running');
    await untilSaid(gluon, run.id, 'Here.');
    const left = await gluon.json<Run>('interrupt', run.id);
    expect(left).toMatchObject({ status: 'review', outcome: 'interrupted', session_id: run.session_id });
    expect(cliProblem(await gluon.cli('interrupt', run.id, '--json'))).toMatchObject({ exit: 4, code: 'run_not_live' });
    expect(await refusal(gluon, 'POST', `/runs/${run.id}/interrupt`)).toMatchObject({ status: 409, code: 'run_not_live' });
  });

  test('archive takes a run off the lists and back; an active one is refused', async () => {
    const run = await move(await finished(gluon, 'shop', 'say x'), 'completed');
    expect((await gluon.json<Run>('archive', run.id)).archived).toBe(true);
    const listed = async (archived: boolean) => (await gluon.call('runs.list', { archived, limit: 500 })).items.map((each) => each.id);
    expect(await listed(false)).not.toContain(run.id);
    expect(await listed(true)).toContain(run.id);
    expect((await gluon.call('runs.unarchive', { run: run.id })).archived).toBe(false);
    await gluon.call('runs.archive', { run: run.id });
    expect((await gluon.json<Run>('unarchive', run.id)).archived).toBe(false);
    const pending = await runIn('pending');
    expect(cliProblem(await gluon.cli('archive', pending.id, '--json'))).toMatchObject({ exit: 4, code: 'run_live' });
    await gluon.call('runs.cancel', { run: pending.id });
    await untilSettled(gluon, pending.id);
  });

  test('title and caps', async () => {
    const run = await finished(gluon, 'shop', 'say x');
    const changed = await gluon.json<Run>(
      'set',
      run.id,
      '--title',
      'Better',
      '--max-cost',
      '3.5',
      '--max-turns',
      '9',
      '--max-duration',
      '15',
    );
    expect(changed).toMatchObject({ title: 'Better', max_cost_usd: 3.5, max_turns: 9, max_duration_minutes: 15 });
    expect(await gluon.call('runs.update', { run: run.id, max_cost_usd: null, max_turns: null })).toMatchObject({
      max_cost_usd: null,
      max_turns: null,
    });
    expect(await refusal(gluon, 'PATCH', `/runs/${run.id}`, { max_cost_usd: -1 })).toMatchObject({ status: 400, code: 'bad_request' });
    expect(await refusal(gluon, 'PATCH', `/runs/${run.id}`, { status: 'completed' })).toMatchObject({ status: 400, code: 'bad_request' });
  });
});
