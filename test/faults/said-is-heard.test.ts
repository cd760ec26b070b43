/** Faults 1 and 4 for words: what a person was told is taken (a message, an answer, a resume) reaches the agent through a kill -9. */
import { expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { startGluon } from '../support/gluon.ts';
import { git } from '../support/repository.ts';
import { quiet, stage, walkUntilDead } from './drive.ts';

/** The point, and what the words that were under way there make the agent do. */
const WORDS: [string, string][] = [
  ['message.after-write', 'c.txt'],
  ['message.before-delivery', 'c.txt'],
  ['resume.after-write', 'd.txt'],
];

test.each(WORDS)('killed at %s: %s is there in the end', { timeout: 60_000 }, async (point, file) => {
  const state = await stage();
  const model = await startScriptedModel();
  let gluon = await startGluon({ home: state.home, model, fault: `${point}@1=kill` });
  try {
    expect(await walkUntilDead(gluon, state)).not.toBeNull();
    gluon = await gluon.restart({ fault: '' });
    await quiet(gluon);
    const run = await gluon.call('runs.get', { run: state.runs.get('first') ?? '' });
    expect(run.outcome).toBe('completed');
    expect(await git(state.repository, 'ls-tree', '--name-only', run.head_commit ?? '')).toContain(file);
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
});

/** The second attempt is the one that a person asked for, with words of their own. */
test.each(['claim.after-write', 'attempt.before-agent', 'attempt.after-sandbox'])(
  'killed at %s of a resume: its words are there in the end',
  { timeout: 60_000 },
  async (point) => {
    const state = await stage();
    const model = await startScriptedModel();
    let gluon = await startGluon({ home: state.home, model, fault: `${point}@2=kill` });
    try {
      expect((await walkUntilDead(gluon, state))?.name).toBe('resume');
      gluon = await gluon.restart({ fault: '' });
      await quiet(gluon);
      const run = await gluon.call('runs.get', { run: state.runs.get('first') ?? '' });
      expect(await git(state.repository, 'ls-tree', '--name-only', run.head_commit ?? '')).toContain('d.txt');
    } finally {
      await gluon.stop();
      await model.close();
      await state.close();
    }
  },
);

test.each(['answer.before-write', 'answer.after-write'])(
  'killed at %s: the answer reaches the agent',
  { timeout: 60_000 },
  async (point) => {
    const state = await stage();
    const model = await startScriptedModel();
    let gluon = await startGluon({ home: state.home, model, fault: `${point}@1=kill` });
    try {
      const step = await walkUntilDead(gluon, state);
      gluon = await gluon.restart({ fault: '' });
      await quiet(gluon);
      // What was not written down is asked for again, and it was never confirmed.
      if (point === 'answer.before-write') await step?.take(gluon, state);
      await quiet(gluon);
      const id = state.runs.get('first') ?? '';
      const { items } = await gluon.call('runs.messages', { run: id, limit: 200 });
      expect(
        items
          .filter((record) => record.type === 'user')
          .map((record) => record.text)
          .join(),
      ).toContain('Green');
    } finally {
      await gluon.stop();
      await model.close();
      await state.close();
    }
  },
);
