/** Talking with agents: questions, messages, interruption, resume, fork, plans, recovery, images. Mostly with the real agent program. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScriptedModel, startScriptedModel } from '../../scripted-model/server.ts';
import { bash, call, say, tooLong } from '../../scripted-model/steps.ts';
import type { Attachment, FollowUp, Question, Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';
import {
  cliProblem,
  eventTypes,
  eventually,
  finished,
  messages,
  refusal,
  type Submission,
  submit,
  untilSaid,
  untilSettled,
} from '../support/runs.ts';

let gluon: Gluon;
let model: ScriptedModel;
let repository: string;

beforeAll(async () => {
  model = await startScriptedModel({
    scenarios: {
      plan_then_edit: [
        call('ExitPlanMode', {}, '1. Write planned.txt.'),
        bash("echo planned > planned.txt && git add planned.txt && git -c user.name=A -c user.email=a@localhost commit -qm 'As planned'"),
        say('Carried out.'),
      ],
      overflow_once: (context) =>
        context.prompt.includes('You go on in the same working copy') ? [say('Recovered with a digest.')] : [tooLong],
    },
  });
  gluon = await startGluon({ model, config: 'max_concurrent_runs: 6\nmax_concurrent_runs_per_project: 6\n' });
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
});
afterAll(async () => {
  await gluon?.stop();
  await model?.close();
  await rm(repository, { recursive: true, force: true });
});

const claude = (prompt: string, more: Submission = {}) => gluon.call('runs.create', { project: 'shop', prompt, ...more });
const claudeDone = async (prompt: string, more: Submission = {}) => untilSettled(gluon, (await claude(prompt, more)).id);
const lastText = async (run: string) => (await messages(gluon, run, 'text')).at(-1)?.text;
const attempts = async (run: string) => (await gluon.call('runs.attempts', { run })).items;

async function asked(run: string): Promise<Question> {
  await gluon.until(run, (each) => each.pending_questions === 1, 'it asks');
  const [question] = (await gluon.call('runs.questions', { run })).items.filter((one) => one.state === 'open');
  if (question === undefined) throw new Error('no open question');
  return question;
}

const waitForQuestions = (seconds: number) => gluon.call('settings.set', { key: 'question_wait_seconds', value: seconds });

describe('questions', () => {
  test('a real agent asks; the command line waits; REST answers; the agent hears it', async () => {
    const waiting = gluon.start('run', 'shop', 'SCENARIO:question', '--json');
    const [question] = await eventually(async () => {
      const { items } = await gluon.call('questions.list', {});
      return items.length > 0 && items;
    }, 'a question');
    if (question === undefined) throw new Error('no question');
    expect(question).toMatchObject({
      state: 'open',
      project: 'shop',
      answers: null,
      items: [{ question: 'Which database?', header: 'Database', multi_select: false }],
    });
    const run = await gluon.call('runs.get', { run: question.run_id });
    expect(run).toMatchObject({ status: 'running', pending_questions: 1, waiting: { reason: 'input', detail: 'Which database?' } });
    const answered = await gluon.call('questions.answer', { question: question.id, answers: { 'Which database?': 'PostgreSQL' } });
    expect(answered).toMatchObject({ state: 'answered', answers: { 'Which database?': ['PostgreSQL'] } });
    const { code, stdout } = await waiting.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'review', outcome: 'completed', pending_questions: 0, waiting: null, attempts: 1 });
    expect(await lastText(run.id)).toMatch(/PostgreSQL/);
  });

  test('the first valid answer wins; later ones hear who answered', async () => {
    const run = await submit(gluon, 'shop', 'ask Colour | Which colour? | Red | Green\nsay Thanks.');
    const question = await asked(run.id);
    const address = `/questions/${question.id}/answer`;
    const free = await refusal(gluon, 'POST', address, { answers: { 'Which size?': 'Big' } });
    expect(free).toMatchObject({ status: 400, code: 'answer_invalid' });
    expect(await refusal(gluon, 'POST', address, { answers: { 'Which colour?': ['Red', 'Green'] } })).toMatchObject({
      status: 400,
      code: 'answer_invalid',
    });
    const both = await Promise.all(['Red', 'Green'].map((colour) => gluon.raw('POST', address, { answers: { 'Which colour?': colour } })));
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const late = await refusal(gluon, 'POST', address, { answers: { 'Which colour?': 'Red' } });
    expect(late).toMatchObject({ status: 409, code: 'question_answered' });
    const stored = (await gluon.call('runs.questions', { run: run.id })).items[0];
    expect(stored?.answered_by).toBeTruthy();
    expect(late.detail).toContain(stored?.answered_by);
    await untilSettled(gluon, run.id);
    expect((await messages(gluon, run.id, 'text')).map((record) => record.text)).toContain(
      `answered: ${stored?.answers?.['Which colour?']?.[0]}`,
    );
    expect(await refusal(gluon, 'POST', '/questions/nothing/answer', { answers: {} })).toMatchObject({
      status: 404,
      code: 'question_not_found',
    });
  });

  test('several labels of a real multi-select question reach the agent', async () => {
    const run = await claude('SCENARIO:question_multi');
    const question = await asked(run.id);
    await gluon.call('questions.answer', { question: question.id, answers: { 'Which features?': ['Search', 'Sharing'] } });
    await untilSettled(gluon, run.id);
    expect(await lastText(run.id)).toMatch(/Search.*Sharing/);
  });

  test('nobody answers: the run is parked with its session, and goes on when the answer comes', async () => {
    await waitForQuestions(0.5);
    const run = await claude('SCENARIO:question_edit');
    const parked = await untilSettled(gluon, run.id);
    await waitForQuestions(300);
    expect(parked).toMatchObject({ status: 'review', waiting: { reason: 'input' }, pending_questions: 0 });
    expect(parked.session_id).not.toBeNull();
    const [question] = (await gluon.call('runs.questions', { run: run.id })).items;
    expect(question?.state).toBe('parked');
    expect((await gluon.cli('show', run.id)).stdout).toContain('Which database?');
    await gluon.call('questions.answer', { question: question?.id ?? '', answers: { 'Which database?': 'PostgreSQL' } });
    const ended = await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
    expect(ended).toMatchObject({ outcome: 'completed', session_id: parked.session_id, waiting: null });
    const told = (await messages(gluon, run.id, 'user')).at(-1);
    expect(told?.text).toContain('Answer: PostgreSQL');
    expect(await eventTypes(gluon, run.id)).toEqual(expect.arrayContaining(['question.parked', 'question.answered', 'run.queued']));
  });

  test('the policy "auto" takes the recommended option', async () => {
    await waitForQuestions(0.3);
    const run = await claudeDone('SCENARIO:question', { question_policy: 'auto' });
    await waitForQuestions(300);
    expect(run).toMatchObject({ status: 'review', outcome: 'completed', attempts: 1 });
    expect(await lastText(run.id)).toContain('SQLite (Recommended)');
    expect((await gluon.call('runs.questions', { run: run.id })).items[0]).toMatchObject({ state: 'answered', answered_by: 'gluon' });
  });
});

describe('messages', () => {
  test('queued while the real agent works: edited and withdrawn until it has them, given between turns, in order', async () => {
    const run = await claude('SCENARIO:busy{"seconds":1}');
    await gluon.until(run.id, (each) => each.model_calls >= 1, 'it works');
    const first = await gluon.json<FollowUp>('send', run.id, 'SCENARIO:say{"text":"Old."}');
    expect(first).toMatchObject({ state: 'queued', delivered_at: null });
    const second = await gluon.call('runs.send', { run: run.id, text: 'SCENARIO:say{"text":"Never."}' });
    await gluon.call('runs.edit_follow_up', { run: run.id, id: first.id, text: 'SCENARIO:say{"text":"New."}' });
    await gluon.call('runs.withdraw_follow_up', { run: run.id, id: second.id });
    expect((await gluon.call('runs.get', { run: run.id })).queued_messages).toBe(1);
    const ended = await untilSettled(gluon, run.id);
    expect(ended).toMatchObject({ outcome: 'completed', attempts: 1, queued_messages: 0 });
    const texts = (await messages(gluon, run.id, 'text')).map((record) => record.text);
    expect(texts).toContain('New.');
    expect(texts.join()).not.toMatch(/Old|Never/);
    const { items } = await gluon.call('runs.follow_ups', { run: run.id });
    expect(items.map((item) => item.state)).toEqual(['delivered', 'withdrawn']);
    expect(await refusal(gluon, 'PATCH', `/runs/${run.id}/follow-ups/${first.id}`, { text: 'x' })).toMatchObject({
      status: 404,
      code: 'follow_up_not_found',
    });
    expect(await refusal(gluon, 'DELETE', `/runs/${run.id}/follow-ups/${first.id}`)).toMatchObject({
      status: 404,
      code: 'follow_up_not_found',
    });
  });

  test('--now interrupts the turn and goes on in the same process', async () => {
    const run = await claude('SCENARIO:busy{"seconds":60}');
    await gluon.until(run.id, (each) => each.model_calls >= 1, 'it works');
    const began = performance.now();
    await gluon.json('send', run.id, 'SCENARIO:say{"text":"Changed course."}', '--now');
    const ended = await untilSettled(gluon, run.id);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(ended).toMatchObject({ outcome: 'completed', attempts: 1 });
    expect(await lastText(run.id)).toBe('Changed course.');
  });

  test('what the agent did not get starts one resume; a message to a run that does not run resumes it', async () => {
    const run = await submit(gluon, 'shop', 'say Here.\nhang');
    await untilSaid(gluon, run.id, 'Here.');
    await gluon.call('runs.send', { run: run.id, text: 'say One.' });
    await gluon.call('runs.send', { run: run.id, text: 'say Two.' });
    await gluon.call('runs.interrupt', { run: run.id });
    const ended = await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
    expect(ended).toMatchObject({ outcome: 'completed', queued_messages: 0 });
    expect((await messages(gluon, run.id, 'text')).slice(-2).map((record) => record.text)).toEqual(['One.', 'Two.']);
    const sent = await gluon.call('runs.send', { run: run.id, text: 'say Three.' });
    expect(sent.state).toBe('delivered');
    await gluon.until(run.id, (each) => each.attempts === 3 && each.status === 'review', 'it went on again');
    expect(await lastText(run.id)).toBe('Three.');
  });
});

describe('resume, fork, plan', () => {
  test('resume goes on in the same session, branch and working copy, with the whole history', async () => {
    const run = await claudeDone('The word is heliotrope. SCENARIO:edit{"file":"a.txt"}');
    expect(cliProblem(await gluon.cli('resume', run.id, ' ', '--json'))).toMatchObject({ exit: 2, code: 'prompt_empty' });
    const resumed = await gluon.json<Run>('resume', run.id, 'SCENARIO:recall', '-f');
    expect(resumed).toMatchObject({ status: 'review', outcome: 'completed', attempts: 2 });
    expect(resumed).toMatchObject({ session_id: run.session_id, worktree_path: run.worktree_path, branch_name: run.branch_name });
    expect(await lastText(run.id)).toContain('heliotrope');
    const seqs = (await messages(gluon, run.id)).map((record) => record.seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect((await attempts(run.id)).map((attempt) => attempt.kind)).toEqual(['start', 'resume']);
  });

  test('a running run cannot be resumed, recovered or forked', async () => {
    const run = await submit(gluon, 'shop', 'say Here.\nhang');
    await untilSaid(gluon, run.id, 'Here.');
    for (const [path, body] of [
      ['resume', {}],
      ['recover', {}],
      ['fork', { prompt: 'x' }],
      ['merge', {}],
    ] as const) {
      expect({ path, ...(await refusal(gluon, 'POST', `/runs/${run.id}/${path}`, body)) }).toMatchObject({
        path,
        status: 409,
        code: 'run_live',
      });
    }
    await gluon.call('runs.cancel', { run: run.id });
  });

  test('fork makes a run of its own from session and branch; the first one stays as it was', async () => {
    const run = await claudeDone('The word is heliotrope. SCENARIO:edit{"file":"forked.txt"}');
    const before = await gluon.call('runs.get', { run: run.id });
    const fork = await gluon.json<Run>('fork', run.id, 'SCENARIO:recall', '--title', 'Another way', '-f');
    expect(fork).toMatchObject({
      title: 'Another way',
      forked_from: run.id,
      base_commit: run.head_commit,
      outcome: 'completed',
      status: 'review',
    });
    expect(fork.session_id).not.toBe(run.session_id);
    expect(fork.branch_name).toBe(`gluon-task/${fork.id.slice(0, 8)}`);
    expect(await lastText(fork.id)).toContain('heliotrope');
    expect(await git(fork.worktree_path ?? '', 'ls-files')).toContain('forked.txt');
    // What its agent did last is written up to a second after the run is in review.
    const later = { seq: 0, updated_at: '', last_activity: null, context_tokens: null, context_window: null };
    expect({ ...(await gluon.call('runs.get', { run: run.id })), ...later }).toEqual({ ...before, ...later });
    // The first one can still be resumed by itself.
    await gluon.call('runs.resume', { run: run.id, prompt: 'SCENARIO:say{"text":"Still here."}' });
    await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
    expect(await lastText(run.id)).toBe('Still here.');
  });

  test('a plan first: nothing changes until it is approved', async () => {
    const run = await claudeDone('SCENARIO:plan_then_edit', { plan: true });
    expect(run).toMatchObject({ status: 'review', outcome: 'completed', commit_count: 0, files_changed: 0 });
    const plan = (await messages(gluon, run.id, 'system')).find((record) => record.plan === true);
    expect(plan?.text).toContain('Write planned.txt');
    await gluon.call('runs.move', { run: run.id, status: 'pending' });
    const done = await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it is carried out');
    expect(done).toMatchObject({ outcome: 'completed', commit_count: 1, files_changed: 1 });
  });
});

describe('recovery', () => {
  test('a full context is recovered by itself in a fresh session, with a digest', async () => {
    const run = await claudeDone('Keep the lamp lit. SCENARIO:overflow_once');
    expect(run).toMatchObject({ status: 'review', outcome: 'completed', attempts: 2, recoveries: 1, auto_resumes: 1 });
    const [first, second] = await attempts(run.id);
    expect(first).toMatchObject({ outcome: 'context_overflow' });
    expect(second?.kind).toBe('recovery');
    expect(second?.session_id).not.toBe(first?.session_id);
    const digest = String((await messages(gluon, run.id, 'user')).at(-1)?.text);
    expect(digest).toContain('Keep the lamp lit.');
    expect(await lastText(run.id)).toBe('Recovered with a digest.');
  });

  test('after two recoveries a person decides; by hand it goes on, in the run or in a new one', async () => {
    const run = await finished(gluon, 'shop', 'say x\nwrite done.txt x\nfail context_overflow');
    expect(run).toMatchObject({ status: 'review', outcome: 'context_overflow', attempts: 3, recoveries: 2 });
    expect((await gluon.cli('recover', run.id, '-f')).code).toBe(1);
    const shown = await gluon.call('runs.get', { run: run.id });
    expect(shown).toMatchObject({ attempts: 4, recoveries: 3, outcome: 'context_overflow' });
    const fresh = await gluon.call('runs.recover', { run: run.id, fresh: true });
    expect(fresh).toMatchObject({ forked_from: run.id, base_commit: run.head_commit });
    expect(fresh.id).not.toBe(run.id);
    await untilSettled(gluon, fresh.id);
    expect((await attempts(fresh.id))[0]?.kind).toBe('recovery');
  });
});

describe('images', () => {
  const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

  test('an image is stored once, given to the agent, listed and read back', async () => {
    const file = join(gluon.home, 'picture.png');
    await writeFile(file, PNG);
    const stored = await gluon.call('attachments.upload', { data: PNG.toString('base64') });
    expect(stored).toMatchObject({ media_type: 'image/png', width: 1, height: 1, bytes: PNG.length });
    const run = await gluon.json<Run>('run', 'shop', 'SCENARIO:images', '--image', file);
    expect(await lastText(run.id)).toBe('I see 1 image(s).');
    const { items } = await gluon.call('runs.attachments', { run: run.id });
    expect(items.map((item: Attachment) => item.id)).toEqual([stored.id]);
    const bytes = await fetch(`${gluon.address}/api/images/${stored.id}`, { headers: { authorization: `Bearer ${gluon.token}` } });
    expect(bytes.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await bytes.arrayBuffer()).equals(PNG)).toBe(true);
    await gluon.call('runs.resume', { run: run.id, prompt: 'SCENARIO:images', images: [stored.id] });
    await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
    expect(await lastText(run.id)).toMatch(/I see [12] image/);
  });

  test('what is no image is refused, and so is one that is not there', async () => {
    expect(await refusal(gluon, 'POST', '/images', { data: Buffer.from('<svg/>').toString('base64') })).toMatchObject({
      status: 400,
      code: 'attachment_invalid',
    });
    const missing = 'f'.repeat(64);
    expect(await refusal(gluon, 'GET', `/images/${missing}`)).toMatchObject({ status: 404, code: 'attachment_not_found' });
    expect(await refusal(gluon, 'POST', '/runs', { project: 'shop', prompt: 'x', images: [missing] })).toMatchObject({
      status: 404,
      code: 'attachment_not_found',
    });
    const text = join(gluon.home, 'no-picture.png');
    await writeFile(text, 'hello');
    expect(cliProblem(await gluon.cli('run', 'shop', 'x', '--image', text, '--json'))).toMatchObject({
      exit: 2,
      code: 'attachment_invalid',
    });
    expect(cliProblem(await gluon.cli('run', 'shop', 'x', '--image', `${text}.gone`, '--json'))).toMatchObject({
      exit: 2,
      code: 'file_unreadable',
    });
  });
});
