/**
 * What a run costs beside its agent: the same script, the same agent program, once through Gluon (submit → review, strict sandbox,
 * gateway, import) and once called directly in a plain clone, in turns. The model answers at once, so nothing hides the cost.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScriptedModel } from '../scripted-model/server.ts';
import { startScriptedModel } from '../scripted-model/server.ts';
import { bash, call, say } from '../scripted-model/steps.ts';
import type { Context, Step } from '../scripted-model/types.ts';
import { claudeRuntime } from '../src/adapters/agent/claude/runtime.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { silentLog } from '../src/adapters/system/log.ts';
import type { Run } from '../src/contract/resources.ts';
import { type Gluon, startGluon } from '../test/support/gluon.ts';
import { git, sampleRepository } from '../test/support/repository.ts';
import { plainConfinement } from './plain-confinement.ts';
import { type BenchSettings, figure, median, quantile, type Row, spread } from './row.ts';

const PAIRS = 24;
const SCENARIO = 'bench_task';
const MODEL = 'claude-sonnet-5';

/** Ten answers: look, write, test, correct, commit. */
export function task({ cwd }: Context): Step[] {
  const file = join(cwd ?? '.', 'src', 'sum.mjs');
  const test = join(cwd ?? '.', 'src', 'sum.test.mjs');
  const content = 'export const sum = (values) => values.reduce((total, value) => total - value, 0);\n';
  const checks = "import assert from 'node:assert';\nimport { sum } from './sum.mjs';\nassert.equal(sum([1, 2, 3]), 6);\n";
  return [
    bash('ls -la && git log --oneline | head -5', 'I look around first.'),
    call('Read', { file_path: join(cwd ?? '.', 'README.md') }),
    call('Write', { file_path: file, content }, 'Now the module.'),
    call('Write', { file_path: test, content: checks }),
    bash('node src/sum.test.mjs', 'Does it work?'),
    call('Edit', { file_path: file, old_string: 'total - value', new_string: 'total + value' }, 'The sign is wrong.'),
    bash('node src/sum.test.mjs'),
    bash('git status --short && git diff --stat'),
    bash("git add -A && git -c user.name=Agent -c user.email=agent@localhost commit -q -m 'Add sum with a test'"),
    say('Added sum and its test, and committed both.'),
  ];
}

const PROMPT = `Add a function that sums. SCENARIO:${SCENARIO}{}`;

/** Milliseconds by part. */
type Parts = Record<'submit' | 'claim' | 'working copy' | 'sandbox and agent start' | 'work' | 'end', number>;

export async function wholeRun({ quick }: BenchSettings): Promise<Row[]> {
  const model = await startScriptedModel({ scenarios: { [SCENARIO]: task } });
  const folder = await mkdtemp(join(tmpdir(), 'gluon-bench-'));
  const project = await sampleRepository();
  const gluon = await startGluon({ model });
  try {
    await gluon.call('projects.add', { name: 'bench', path: project });
    const count = quick ? 4 : PAIRS;
    const through: { totalMs: number; parts: Parts }[] = [];
    const direct: { totalMs: number; parts: Parts }[] = [];
    // One pair that does not count: caches, lazily loaded code.
    for (let index = -1; index < count; index += 1) {
      const first = index % 2 === 0;
      const one = first ? await directly(model, project, folder, index) : await throughGluon(gluon);
      const other = first ? await throughGluon(gluon) : await directly(model, project, folder, index);
      if (index < 0) continue;
      through.push(first ? other : one);
      direct.push(first ? one : other);
    }
    return rows(through, direct);
  } finally {
    await gluon.stop();
    await model.close();
    await rm(folder, { recursive: true, force: true });
    await rm(project, { recursive: true, force: true });
  }
}

async function throughGluon(gluon: Gluon): Promise<{ totalMs: number; parts: Parts }> {
  const fromMs = Date.now();
  const made = await gluon.call('runs.create', { project: 'bench', prompt: PROMPT, agent: 'claude', model: MODEL, sandbox: 'strict' });
  const run = await overAt(gluon, made.id);
  if (run.status !== 'review' || run.commit_count !== 1)
    throw new Error(`the run ended as ${run.status} (${run.outcome}: ${run.outcome_detail}) with ${run.commit_count} commits`);
  const { items } = await gluon.call('runs.events', { run: run.id, limit: 200 });
  const atOf = (type: string): number => Date.parse(items.find((event) => event.type === type)?.at ?? '');
  const messages = await gluon.call('runs.messages', { run: run.id, limit: 2_000 });
  const resultMs = Date.parse(messages.items.findLast((record) => record.type === 'result')?.at ?? '');
  const endMs = Date.parse(run.ended_at ?? '');
  return {
    // The end that is stored in the run: asking for it again and again does not count.
    totalMs: endMs - fromMs,
    parts: {
      submit: atOf('run.created') - fromMs,
      claim: atOf('attempt.started') - atOf('run.created'),
      'working copy': atOf('working_copy.created') - atOf('attempt.started'),
      'sandbox and agent start': atOf('attempt.process_started') - atOf('working_copy.created'),
      work: resultMs - atOf('attempt.process_started'),
      end: endMs - resultMs,
    },
  };
}

/** Asked rarely: who asks forty times a second takes a tenth of the machine from the run that is measured. */
async function overAt(gluon: Gluon, id: string): Promise<Run> {
  for (const untilMs = performance.now() + 60_000; performance.now() < untilMs; ) {
    await pause(250);
    const run = await gluon.call('runs.get', { run: id });
    if (run.status !== 'pending' && run.status !== 'running') return run;
  }
  throw new Error(`the run ${id} did not end`);
}

async function directly(model: ScriptedModel, project: string, folder: string, index: number): Promise<{ totalMs: number; parts: Parts }> {
  const place = join(folder, `copy-${index}`);
  await git(folder, 'clone', '--quiet', '--shared', project, place);
  const agent = claudeRuntime({ clock: systemClock(), log: silentLog() });
  const fromMs = performance.now();
  const run = agent.start({
    confinement: plainConfinement(),
    cwd: place,
    first: { text: PROMPT, images: [] },
    sessionId: crypto.randomUUID(),
    session: { kind: 'start' },
    model: MODEL,
    effort: null,
    mode: 'edit',
    maxTurns: null,
    schema: null,
    model_access: { url: model.url },
    token: 'sk-bench',
    trustedConfig: folder,
    sessionFolder: join(folder, `session-${index}`),
    env: { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8' },
  });
  let startedMs = Number.NaN;
  let resultMs = Number.NaN;
  for await (const event of run.events) {
    if (event.type === 'started') startedMs = performance.now();
    if (event.type !== 'turn_ended') continue;
    resultMs = performance.now();
    run.finish();
  }
  const done = await run.done;
  const endMs = performance.now();
  if (done.outcome !== 'completed') throw new Error(`the agent ended as ${done.outcome}: ${done.detail}`);
  const commits = await git(place, 'rev-list', '--count', 'HEAD');
  if (commits !== '2') throw new Error(`the agent left ${commits} commits: ${done.text}`);
  const parts = { submit: 0, claim: 0, 'working copy': 0, 'sandbox and agent start': startedMs - fromMs };
  return { totalMs: endMs - fromMs, parts: { ...parts, work: resultMs - startedMs, end: endMs - resultMs } };
}

function rows(through: { totalMs: number; parts: Parts }[], direct: { totalMs: number; parts: Parts }[]): Row[] {
  const ratios = through.map((one, index) => one.totalMs / (direct[index]?.totalMs ?? Number.NaN));
  const added = through.map((one, index) => one.totalMs - (direct[index]?.totalMs ?? Number.NaN));
  const samples = ratios.length;
  const note = 'pair by pair; the model answers at once, a real one takes seconds per answer';
  const parts = Object.keys(through[0]?.parts ?? {}) as (keyof Parts)[];
  return [
    figure('whole run ÷ agent alone, median', median(ratios), '×', samples, { most: 1.15 }, note),
    figure('whole run ÷ agent alone, p90', quantile(ratios, 0.9), '×', samples),
    ...spread(
      'whole run (10 model calls)',
      'ms',
      through.map((one) => one.totalMs),
      {},
    ),
    ...spread(
      'agent alone',
      'ms',
      direct.map((one) => one.totalMs),
      {},
    ),
    figure('whole run, added', median(added), 'ms', samples),
    ...parts.map((part) =>
      figure(
        `whole run, ${part}`,
        median(through.map((one) => one.parts[part])),
        'ms',
        samples,
        null,
        `agent alone: ${median(direct.map((one) => one.parts[part])).toFixed(0)} ms`,
      ),
    ),
  ];
}
