/** A walk through everything that Gluon does to the world, in steps that can each be asked for again after a crash. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../src/contract/resources.ts';
import type { Gluon } from '../support/gluon.ts';
import { git } from '../support/repository.ts';
import type { Ledger } from './invariants.ts';

export interface TourState {
  repository: string;
  ledger: Ledger;
  /** Ids of the runs of the tour, once the server told them. */
  runs: Map<string, string>;
}

export interface TourStep {
  name: string;
  take(gluon: Gluon, state: TourState): Promise<void>;
}

const ENDED = ['review', 'completed', 'failed', 'cancelled'];
const WAIT_MS = 20_000;

export const ended = (run: Run): boolean => ENDED.includes(run.status);

async function submit(gluon: Gluon, state: TourState, name: string, prompt: string, include_uncommitted = false): Promise<string> {
  const known = state.runs.get(name);
  if (known !== undefined) return known;
  const run = await gluon.call('runs.create', { project: 'shop', prompt, agent: 'fake', title: name, include_uncommitted });
  return accepted(state, name, run.id);
}

function accepted(state: TourState, name: string, id: string): string {
  state.runs.set(name, id);
  state.ledger.accepted.push(id);
  return id;
}

const idOf = (state: TourState, name: string): string => {
  const id = state.runs.get(name);
  if (id === undefined) throw new Error(`the tour has no run ${name}`);
  return id;
};

/** Answers whatever is open; somebody may have been faster, or the attempt was lost meanwhile. */
export async function answerOpen(gluon: Gluon, id: string): Promise<void> {
  const { items } = await gluon.call('runs.questions', { run: id });
  for (const question of items.filter((one) => one.state === 'open' || one.state === 'parked')) {
    const path = `/questions/${question.id}/answer`;
    const { status, body } = await gluon.raw('POST', path, { answers: { 'Which?': 'Green' } });
    if (status >= 500 || status === 400) throw new Error(`answer: ${status} ${JSON.stringify(body)}`);
  }
}

const settled = (gluon: Gluon, id: string) => gluon.until(id, ended, 'it has ended', WAIT_MS);

export const TOUR: readonly TourStep[] = [
  {
    name: 'register the project',
    async take(gluon, state) {
      const { items } = await gluon.call('projects.list', {});
      if (!items.some((project) => project.name === 'shop')) await gluon.call('projects.add', { name: 'shop', path: state.repository });
    },
  },
  {
    name: 'submit, with a commit and a question',
    async take(gluon, state) {
      const id = await submit(
        gluon,
        state,
        'first',
        'write a.txt alpha\ncommit Alpha\nask Colour | Which? | Red | Green\nwrite b.txt left over',
      );
      await gluon.until(id, (run) => run.pending_questions === 1 || ended(run), 'it asks', WAIT_MS);
    },
  },
  {
    name: 'a message while it runs, and the answer',
    async take(gluon, state) {
      const id = idOf(state, 'first');
      await gluon.call('runs.send', { run: id, text: 'write c.txt told later' });
      await answerOpen(gluon, id);
      await settled(gluon, id);
    },
  },
  {
    name: 'resume',
    async take(gluon, state) {
      const id = idOf(state, 'first');
      const run = await settled(gluon, id);
      if (run.status !== 'review') throw new Error(`the first run is ${run.status}: ${run.outcome} ${run.outcome_detail}`);
      await gluon.call('runs.resume', { run: id, prompt: 'write d.txt more\ncommit More' });
      await settled(gluon, id);
    },
  },
  {
    name: 'merge',
    async take(gluon, state) {
      const id = idOf(state, 'first');
      const { head_commit: head } = await settled(gluon, id);
      if (head !== null && !state.ledger.mergesAsked.includes(head)) state.ledger.mergesAsked.push(head);
      await gluon.call('runs.merge', { run: id });
      await git(state.repository, 'cat-file', '-e', 'main:a.txt');
    },
  },
  {
    name: 'fork',
    async take(gluon, state) {
      if (!state.runs.has('fork')) {
        const fork = await gluon.call('runs.fork', { run: idOf(state, 'first'), prompt: 'write e.txt forked\ncommit Forked' });
        accepted(state, 'fork', fork.id);
      }
      await settled(gluon, idOf(state, 'fork'));
    },
  },
  {
    name: 'cancel a live run',
    async take(gluon, state) {
      const id = await submit(gluon, state, 'cancelled', 'write f.txt uncommitted\nrun printf ignored > g.txt\nhang');
      const run = await gluon.until(id, (each) => each.status === 'running' || ended(each), 'it runs', WAIT_MS);
      if (!ended(run)) await gluon.call('runs.cancel', { run: id });
      await gluon.until(id, (each) => each.status === 'cancelled', 'it is cancelled', WAIT_MS);
    },
  },
  {
    name: 'begin anew in another run, and from uncommitted files',
    async take(gluon, state) {
      const source = idOf(state, 'first');
      await settled(gluon, source);
      if (!state.runs.has('anew')) accepted(state, 'anew', (await gluon.call('runs.recover', { run: source, fresh: true })).id);
      const anew = idOf(state, 'anew');
      // Its prompt holds the script of the first run, with the question.
      await gluon.until(anew, (run) => run.pending_questions === 1 || ended(run), 'it asks again', WAIT_MS);
      await answerOpen(gluon, anew);
      await settled(gluon, anew);
      writeFileSync(join(state.repository, 'dirty.txt'), 'not committed');
      await submit(gluon, state, 'dirty', 'write h.txt on top', true).finally(() => rmSync(join(state.repository, 'dirty.txt')));
      await settled(gluon, idOf(state, 'dirty'));
    },
  },
  {
    name: 'tidy working copies',
    async take(gluon, state) {
      const id = idOf(state, 'cancelled');
      await gluon.call('runs.archive', { run: id });
      await gluon.call('worktrees.gc', {});
      const run = await gluon.call('runs.get', { run: id });
      if (run.worktree_state === 'present') throw new Error('the working copy was not removed');
    },
  },
  {
    name: 'undelete',
    async take(gluon, state) {
      const id = idOf(state, 'cancelled');
      const run = await gluon.call('runs.get', { run: id });
      if (run.worktree_state !== 'present') await gluon.call('runs.undelete', { run: id });
      const path = (await gluon.call('runs.get', { run: id })).worktree_path ?? '';
      if (readFileSync(join(path, 'README.md'), 'utf8') === '') throw new Error('the working copy came back empty');
    },
  },
  {
    name: 'take a run off the books',
    async take(gluon, state) {
      const id = idOf(state, 'cancelled');
      if (!state.ledger.mayBeForgotten.includes(id)) state.ledger.mayBeForgotten.push(id);
      // Only when this walk says so: whoever looks at the runs a moment later must not find fewer.
      await gluon.call('settings.set', { key: 'retention.automatic', value: false });
      await gluon.call('settings.set', { key: 'retention.failed_days', value: 0.000_000_1 });
      const known = async () => (await gluon.raw('GET', `/runs/${id}`)).status !== 404;
      if (await known()) await gluon.call('runs.archive', { run: id });
      // Its working copy first; the run stays for as long as what was rescued of it. Here a person keeps that elsewhere.
      await gluon.call('cleanup.run', {});
      const rescued = await git(state.repository, 'for-each-ref', '--format=%(refname)', 'refs/gluon/rescue');
      for (const ref of rescued.split('\n').filter((line) => line !== ''))
        await git(state.repository, 'update-ref', ref.replace('refs/gluon/rescue', 'refs/kept'), ref);
      await gluon.call('settings.set', { key: 'rescue_days', value: 0.000_000_1 });
      for (let again = 0; again < 5 && (await known()); again += 1) await gluon.call('cleanup.run', {});
      await gluon.call('settings.unset', { key: 'rescue_days' });
      if ((await gluon.raw('GET', `/runs/${id}`)).status !== 404)
        throw new Error(`the run is still on the books: ${JSON.stringify((await gluon.call('activity.list', { limit: 5 })).items)}`);
    },
  },
  {
    name: 'remove the project',
    async take(gluon, state) {
      const { items } = await gluon.call('runs.list', { archived: true });
      for (const run of items) if (!ended(run)) await gluon.call('runs.cancel', { run: run.id });
      for (const run of items) {
        await settled(gluon, run.id);
        const { status } = await gluon.call('runs.get', { run: run.id });
        if (status === 'review') await gluon.call('runs.move', { run: run.id, status: 'completed' });
        if (!state.ledger.mayBeForgotten.includes(run.id)) state.ledger.mayBeForgotten.push(run.id);
      }
      const { items: projects } = await gluon.call('projects.list', {});
      if (projects.some((project) => project.name === 'shop')) await gluon.call('projects.remove', { project: 'shop' });
    },
  },
];
