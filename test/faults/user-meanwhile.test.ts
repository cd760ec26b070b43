/** Faults 36, 39 and 40: somebody works on the same repository, moves it or clears the logs away while a run lives. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { commitFiles, git } from '../support/repository.ts';
import { type Stage, stage } from './drive.ts';
import { ended } from './tour.ts';

let state: Stage;
let gluon: Gluon;
beforeEach(async () => {
  state = await stage();
  gluon = await startGluon({ home: state.home, config: 'max_concurrent_runs_per_project: 1\n' });
  await gluon.call('projects.add', { name: 'shop', path: state.repository });
});
afterEach(async () => {
  await gluon.stop();
  await gluon.model.close();
  await state.close();
});

const submit = async (prompt: string, more: object = {}) =>
  (await gluon.call('runs.create', { project: 'shop', prompt, agent: 'fake', ...more })).id;
const asks = (id: string) => gluon.until(id, (run) => run.pending_questions === 1, 'it asks');
const events = async (id: string) => (await gluon.call('runs.events', { run: id, limit: 200 })).items;

async function answer(id: string): Promise<void> {
  const [question] = (await gluon.call('runs.questions', { run: id })).items;
  await gluon.call('questions.answer', { question: question?.id ?? '', answers: { 'Go on?': 'Yes' } });
}

test('fault 36: the transcript is removed under a live run: it goes on, and an event says what is missing', async () => {
  const id = await submit('say before\nask Wait | Go on? | Yes | No\nsay after\nwrite a.txt x\ncommit Done');
  await asks(id);
  await rm(join(state.home, 'logs', id), { recursive: true });
  await answer(id);
  const run = await gluon.until(id, ended, 'it has ended');
  expect([run.status, run.outcome, run.commit_count]).toEqual(['review', 'completed', 1]);
  expect((await events(id)).map((event) => event.type)).toContain('transcript.lost');
  expect((await gluon.call('runs.messages', { run: id, limit: 50 })).items.some((record) => record.text === 'after')).toBe(true);
});

test('fault 39: the repository is moved away: a named end, nothing made elsewhere, and the work comes home when it is back', async () => {
  const id = await submit('write a.txt kept\nask Wait | Go on? | Yes | No\nsay done');
  await asks(id);
  const away = `${state.repository}-away`;
  await rename(state.repository, away);
  try {
    await answer(id);
    const run = await gluon.until(id, ended, 'it has ended');
    const refused = (await events(id)).find((event) => event.type === 'work.import_refused');
    expect(JSON.stringify(refused?.payload)).toMatch(/repository|gone|not there|no longer/i);
    expect(run.head_commit).toBeNull();
    // A new attempt has no repository to work from, and looks for none elsewhere.
    await gluon.call('runs.resume', { run: id, prompt: 'write c.txt nowhere' });
    const second = await gluon.until(id, (each) => ended(each) && each.attempts === 2, 'it has ended again');
    expect(second.outcome).toBe('workspace_failed');
    expect(second.outcome_detail).toContain(state.repository);
    await expect(rename(state.repository, `${state.repository}-made`)).rejects.toThrow('ENOENT');
    expect((await gluon.raw('POST', '/runs', { project: 'shop', prompt: 'x', agent: 'fake' })).status).toBeGreaterThanOrEqual(400);
  } finally {
    await rename(away, state.repository);
  }
  await gluon.call('runs.resume', { run: id, prompt: 'say back' });
  const third = await gluon.until(id, (each) => ended(each) && each.attempts === 3, 'it has ended a third time');
  expect(third.outcome).toBe('completed');
  expect(await git(state.repository, 'ls-tree', '--name-only', third.head_commit ?? '')).toContain('a.txt');
});

test('fault 40: checkout, rebase, amend, expire and gc --prune=now while one run lives and one from uncommitted files waits', async () => {
  const project = (...args: string[]) => git(state.repository, ...args);
  await commitFiles(state.repository, { 'second.txt': 'second' }, 'Second commit');
  const live = await submit('write a.txt x\ncommit One\nask Wait | Go on? | Yes | No\nwrite b.txt y\ncommit Two');
  await asks(live);
  await writeFile(join(state.repository, 'draft.txt'), 'not committed');
  const waiting = await submit('write e.txt on the draft\ncommit Draft', { include_uncommitted: true });
  await rm(join(state.repository, 'draft.txt'));

  await project('checkout', '--quiet', '-b', 'mine');
  await commitFiles(state.repository, { 'mine.txt': 'mine' }, 'Mine');
  await project('checkout', '--quiet', 'main');
  // The base of both runs is in no branch any more after this.
  await project('reset', '--quiet', '--hard', state.ledger.firstCommit);
  await commitFiles(state.repository, { 'other.txt': 'other' }, 'Another second commit');
  await project('rebase', '--quiet', 'main', 'mine');
  await project('commit', '--quiet', '--amend', '--message', 'Mine, said better');
  await project('reflog', 'expire', '--expire=all', '--expire-unreachable=all', '--all');
  await project('gc', '--quiet', '--prune=now');
  const checkout = [await project('rev-parse', 'HEAD'), await project('symbolic-ref', 'HEAD'), await project('status', '--porcelain')];

  await answer(live);
  const done = await gluon.until(live, ended, 'the live one has ended');
  expect([done.outcome, done.commit_count]).toEqual(['completed', 2]);
  const drafted = await gluon.until(waiting, ended, 'the one that waited has ended');
  expect([drafted.outcome, drafted.outcome_detail, drafted.commit_count]).toEqual(['completed', expect.any(String), 1]);
  expect(await project('show', `${drafted.head_commit}:draft.txt`)).toBe('not committed');
  await project('fsck', '--strict', '--no-dangling');
  expect([await project('rev-parse', 'HEAD'), await project('symbolic-ref', 'HEAD'), await project('status', '--porcelain')]).toEqual(
    checkout,
  );
});
