/** The contract of one run with a real agent program: command line and REST show the same, the ledger agrees with the model's own. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MergeResult } from '../../src/contract/git-resources.ts';
import type { Project, Run, TranscriptRecord } from '../../src/contract/resources.ts';
import { callCostUsd } from '../../src/core/money/cost.ts';
import { priceOf } from '../../src/core/money/prices.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';

let gluon: Gluon;
let repository: string;
let run: Run;

const FIELDS = [
  'id',
  'project',
  'status',
  'outcome',
  'waiting',
  'prompt',
  'profile',
  'model',
  'branch_name',
  'base_commit',
  'head_commit',
  'worktree_path',
  'session_id',
  'cost_usd',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'attempts',
  'sandbox',
  'created_at',
  'started_at',
  'ended_at',
];
const PROMPT = 'Please. SCENARIO:edit{"file":"cart.txt","text":"one item\\n","message":"Add a cart"}';

async function checkout(): Promise<Record<string, string>> {
  return {
    status: await git(repository, 'status', '--porcelain', '--ignored'),
    head: await git(repository, 'rev-parse', 'HEAD'),
    branch: await git(repository, 'symbolic-ref', 'HEAD'),
    index: await git(repository, 'ls-files', '--stage'),
    stash: await git(repository, 'stash', 'list'),
    config: await readFile(join(repository, '.git', 'config'), 'utf8'),
  };
}

let before: Record<string, string>;

beforeAll(async () => {
  gluon = await startGluon({ fakeAgent: false });
  repository = await sampleRepository();
  expect((await gluon.json<Project>('project', 'add', 'shop', repository)).name).toBe('shop');
  before = await checkout();
  run = await gluon.json<Run>('run', 'shop', PROMPT);
}, 60_000);
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

test('gluon run --json stays until the end and prints the run, with every field and what it did', async () => {
  expect(Object.keys(run)).toEqual(expect.arrayContaining(FIELDS));
  expect(run).toMatchObject({
    project: 'shop',
    status: 'review',
    outcome: 'completed',
    waiting: null,
    prompt: PROMPT,
    profile: 'standard',
    model: null,
    branch_name: `gluon-task/${run.id.slice(0, 8)}`,
    base_branch: 'main',
    base_commit: before.head,
    attempts: 1,
    sandbox: 'strict',
    commit_count: 1,
    files_changed: 1,
    insertions: 1,
    deletions: 0,
    legal_moves: ['completed', 'pending', 'failed', 'cancelled'],
  });
  expect(run.id).toMatch(/^[0-9a-f]{32}$/);
  expect(run.session_id).toMatch(/^[0-9a-f-]{36}$/);
  expect([run.created_at, run.started_at ?? '', run.ended_at ?? ''].sort()).toEqual([run.created_at, run.started_at, run.ended_at]);
});

test('the transcript is numbered without gaps and tells what happened', async () => {
  const records = await gluon.json<TranscriptRecord[]>('logs', run.id, '--stream', 'messages');
  expect(records.map((record) => record.seq)).toEqual(records.map((_, index) => index + 1));
  const shown = records.map((record) => record.type);
  expect(shown[0]).toBe('user');
  expect(shown.filter((type) => type === 'tool_use').length).toBe(2);
  expect(shown.filter((type) => type === 'tool_result').length).toBe(2);
  expect(shown.at(-1)).toBe('result');
  expect(records.find((record) => record.type === 'text')?.text).toBe('I will write cart.txt.');
  const stdout = await gluon.cli('logs', run.id, '--stream', 'stdout');
  expect(stdout.stdout).toContain('Wrote and committed cart.txt.');
});

test('show, runs and REST give the same object, by the token that "gluon token print" prints', async () => {
  const token = (await gluon.cli('token', 'print')).stdout.trim();
  expect(token).toBe(gluon.token);
  // What the agent did last reaches the card a moment after the run has ended.
  const now = await gluon.until(run.id, (one) => one.last_activity !== null && one.context_window !== null, 'its activity is known');
  expect(now.context_tokens).toBeGreaterThan(0);
  const answer = await fetch(`${gluon.address}/api/runs/${run.id}`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual(now);
  expect(await gluon.json<Run>('show', run.id)).toEqual(now);
  const { items } = await gluon.json<{ items: Run[] }>('runs');
  expect(items).toEqual([now]);
  expect((await fetch(`${gluon.address}/api/runs/${run.id}`)).status).toBe(401);
});

test('tokens and cost are those of the model, priced by the table', async () => {
  const served = gluon.model.requests.filter((request) => request.usage !== null);
  expect(served.length).toBe(run.model_calls);
  const cost = served.reduce((sum, { model, usage }) => {
    const price = priceOf(model ?? '');
    if (price === null || usage === null) throw new Error(`no price for ${model}`);
    return (
      sum +
      callCostUsd(price, {
        inputTokens: usage.input_tokens,
        outputTokens: usage.output_tokens,
        cacheReadTokens: usage.cache_read_input_tokens,
        cacheWriteTokens: usage.cache_creation_input_tokens,
      })
    );
  }, 0);
  expect(run.cost_usd).toBeCloseTo(cost, 9);
  expect(cost).toBeGreaterThan(0);
  const totals = gluon.model.totals();
  expect(run).toMatchObject({
    input_tokens: totals.input_tokens,
    output_tokens: totals.output_tokens,
    cache_read_tokens: totals.cache_read_input_tokens,
    cache_write_tokens: totals.cache_creation_input_tokens,
  });
  const [attempt] = (await gluon.call('runs.attempts', { run: run.id })).items;
  expect(attempt).toMatchObject({ number: 1, kind: 'start', state: 'ended', outcome: 'completed', sandbox: 'strict', exit_code: 0 });
  expect(attempt?.cost_usd).toBeCloseTo(cost, 9);
});

test('the model saw the real credential, the agent did not', async () => {
  for (const request of gluon.model.requests) expect(request.credential.value).toContain('sk-test-real-credential-of-the-provider');
});

test('the user’s checkout is as it was; the branch and the references of the run are all that came', async () => {
  expect(await checkout()).toEqual(before);
  const refs = (await git(repository, 'for-each-ref', '--format=%(refname)')).split('\n');
  expect(refs.sort()).toEqual([
    `refs/gluon/base/${run.id}`,
    `refs/gluon/runs/${run.id}`,
    `refs/heads/gluon-task/${run.id.slice(0, 8)}`,
    'refs/heads/main',
  ]);
  expect(await git(repository, 'rev-parse', `gluon-task/${run.id.slice(0, 8)}`)).toBe(run.head_commit);
});

test('diff, commits and files', async () => {
  const diff = await gluon.cli('diff', run.id);
  expect(diff.stdout).toContain('+one item');
  expect(await gluon.json('commits', run.id)).toMatchObject({ items: [{ sha: run.head_commit, subject: 'Add a cart', author: 'Agent' }] });
  expect(await gluon.json('files', run.id)).toMatchObject({ items: [{ path: 'cart.txt', change: 'added', insertions: 1, deletions: 0 }] });
  const raw = await gluon.cli('diff', run.id, '--raw');
  expect(raw.stdout).toContain('new file mode 100644');
});

describe('in the background', () => {
  test('-b --json gives the run at once; cancel stops its processes', async () => {
    const made = await gluon.json<Run>('run', 'shop', 'SCENARIO:busy{"seconds":60}', '-b');
    expect(made.status).toBe('pending');
    await gluon.until(made.id, (each) => each.model_calls >= 1, 'it talks to the model');
    const cancelled = await gluon.json<Run>('cancel', made.id.slice(0, 8));
    expect(cancelled).toMatchObject({ id: made.id, status: 'cancelled', outcome: 'interrupted' });
    expect(cancelled.ended_at).not.toBeNull();
    expect((await gluon.json<{ items: Run[] }>('runs', '-s', 'cancelled')).items.map((each) => each.id)).toEqual([made.id]);
  });
});

test('merge brings the change into the base branch and the clean checkout', async () => {
  const merged = await gluon.json<MergeResult>('merge', run.id);
  expect(merged).toMatchObject({ run_id: run.id, base: 'main', checkout: 'updated' });
  expect(await readFile(join(repository, 'cart.txt'), 'utf8')).toBe('one item\n');
  expect(await git(repository, 'status', '--porcelain')).toBe('');
  expect(await git(repository, 'rev-parse', 'main')).toBe(merged.commit);
  expect(await git(repository, 'rev-list', '--parents', '-1', 'main')).toBe(`${merged.commit} ${before.head} ${run.head_commit}`);
  expect(await gluon.json<Run>('show', run.id)).toMatchObject({ status: 'completed', merged_commit: merged.commit });
});
