/** `npm run demo`: three real agent processes in parallel against a scripted model, on a throw-away home. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { readEnvironment } from '../adapters/system/environment.ts';
import type { Run } from '../contract/resources.ts';
import { cost, followRuns } from './demo/follow.ts';
import { gitIn, makeSampleProject } from './demo/sample-project.ts';
import { type DemoServer, startDemoServer } from './demo/server-process.ts';
import { DEMO_SCENARIOS, type DemoTask, TASKS } from './demo/tasks.ts';

/** So that a person can watch the text come in. */
const CHUNK_DELAY_MS = 15;
const keep = process.argv.includes('--keep');
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

const cache = join(readEnvironment('XDG_CACHE_HOME') || join(homedir(), '.cache'), 'gluon-demo');
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(join(cache, 'run-'));
const project = join(folder, 'corner-shop');
const environment: Record<string, string> = {
  PATH: readEnvironment('PATH') ?? '/usr/bin:/bin',
  HOME: folder,
  LANG: 'C.UTF-8',
  GLUON_HOME: join(folder, 'home'),
  GLUON_PORT: '0',
};

say('Real agents, scripted model: the Claude Code processes, their sandboxes, branches, commits and the metering are real;');
say('what the model says comes from scripts that ship with Gluon. No key is needed and nothing leaves this machine.');
say();
await makeSampleProject(project, environment);
const model = await startScriptedModel({ scenarios: DEMO_SCENARIOS, chunkDelayMs: CHUNK_DELAY_MS });
let exitCode = 1;
try {
  const launcher = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'gluon');
  const server = await startDemoServer(launcher, { ...environment, ANTHROPIC_API_KEY: 'demo-no-real-key', ANTHROPIC_BASE_URL: model.url });
  say(`Gluon listens on ${server.address}, its home is ${environment.GLUON_HOME}`);
  say(`The project is ${project}`);
  say();
  try {
    exitCode = await demonstrate(server);
    if (keep) await untilInterrupted(server, launcher);
  } finally {
    await server.stop();
  }
} finally {
  await model.close();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = exitCode;

async function demonstrate(server: DemoServer): Promise<number> {
  await server.call('projects.add', { name: 'corner-shop', path: project });
  const before = await gitIn(project, environment, ['rev-parse', 'main']);
  const names = new Map<string, string>();
  const tasks = new Map<string, DemoTask>();
  for (const task of TASKS) {
    const run = await server.call('runs.create', { project: 'corner-shop', prompt: task.prompt, title: task.name });
    names.set(run.id, task.name);
    tasks.set(run.id, task);
    say(`${task.name.padEnd(9)} ${run.id.slice(0, 8)}  ${task.prompt.split('\n')[0]}`);
  }
  say();
  const runs = await followRuns(server, names, systemClock(), say);
  say();
  const problems: string[] = [];
  for (const run of runs) problems.push(...(await report(server, run, tasks.get(run.id))));
  if ((await gitIn(project, environment, ['rev-parse', 'main'])) !== before) problems.push('main moved, though nobody merged');
  if ((await gitIn(project, environment, ['status', '--porcelain'])) !== '') problems.push('the checkout was touched');
  for (const problem of problems) say(`Not as it should be: ${problem}`);
  if (problems.length === 0) say('All three changed what they should have; main and the checkout are as they were.');
  return problems.length === 0 ? 0 : 1;
}

async function report(server: DemoServer, run: Run, task: DemoTask | undefined): Promise<string[]> {
  const { items: commits } = await server.call('runs.commits', { run: run.id });
  const { items: files } = await server.call('runs.files', { run: run.id });
  say(`${run.title}: ${run.outcome} → ${run.status}`);
  say(`  branch  ${run.branch_name}`);
  for (const commit of commits) say(`  commit  ${commit.sha.slice(0, 8)} ${commit.subject}`);
  for (const file of files) say(`  file    ${file.path} +${file.insertions} -${file.deletions}`);
  const read = run.cache_read_tokens + run.cache_write_tokens;
  say(
    `  tokens  ${run.input_tokens} in, ${run.output_tokens} out, ${read} cached, ${run.model_calls} model calls, ${cost(run)} (at list prices; nothing was spent)`,
  );
  say();
  if (task === undefined) return [`the run ${run.id} is none of ours`];
  if (run.outcome !== 'completed' || run.status !== 'review') return [`${task.name} ended as ${run.outcome}: ${run.outcome_detail}`];
  if (run.cost_usd === null || run.cost_usd <= 0) return [`${task.name} was not metered`];
  const content = await gitIn(project, environment, ['show', `${run.branch_name}:${task.proof.path}`]);
  return task.proof.holds.test(content) ? [] : [`${task.name} did not change ${task.proof.path}`];
}

async function untilInterrupted(server: DemoServer, launcher: string): Promise<void> {
  say();
  say(`Still running. The page: ${server.address}/ ("${launcher} web", with the two variables below, logs a browser in)`);
  say('In another terminal:');
  say(`  export GLUON_HOME=${environment.GLUON_HOME} GLUON_PORT=${new URL(server.address).port}`);
  say(`  ${launcher} runs`);
  say(`  ${launcher} diff ID`);
  say(`  ${launcher} merge ID`);
  say(`  ${launcher} run corner-shop "Write down an idea"`);
  say('Ctrl-C here stops it and removes everything.');
  await new Promise<void>((resolve) => {
    const hold = setInterval(() => {}, 60_000);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        clearInterval(hold);
        resolve();
      });
    }
  });
}
