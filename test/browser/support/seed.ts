/** A home with projects and runs in every state, written as a server would have left it: for the pictures, the benches and tests of the page. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/adapters/store/sqlite/open.ts';
import { attemptRow, callRow, newId, projectRow, runRow } from '../../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import { transcriptFiles } from '../../../src/adapters/transcript/files/transcripts.ts';
import type { ProjectRow, RunRow, StoreWrites } from '../../../src/ports/store.ts';
import type { NewRecord } from '../../../src/ports/transcript.ts';
import { commitFiles, git, sampleRepository } from '../../support/repository.ts';
import { variedRecords } from './seed-transcript.ts';

export interface Seeded {
  readonly projects: readonly ProjectRow[];
  /** By title. */
  readonly runs: Readonly<Record<string, string>>;
}

export interface SeedOptions {
  /** Further runs with made-up titles, spread over the ended states. */
  readonly moreRuns?: number;
  /** Records of the run `Show and revoke active sessions`, beside one of everything. */
  readonly moreRecords?: readonly NewRecord[];
}

const PROJECTS = ['auth-service', 'billing-api', 'web-app', 'ingest-worker', 'infra', 'docs-site'];
const MODELS = ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'];

type Spec = Partial<RunRow> & { title: string; project: string; minutes: number };

/** What stands on the board: every state that survives a start, every outcome that a card tells in words of its own. */
const RUNS: readonly Spec[] = [
  {
    title: 'Accept new top-level domains in email validation',
    project: 'auth-service',
    status: 'review',
    outcome: 'completed',
    cost_usd: 0.47,
    minutes: 4,
    insertions: 86,
    deletions: 12,
    files_changed: 5,
    commit_count: 2,
  },
  {
    title: 'Rotate signing keys without downtime',
    project: 'auth-service',
    status: 'review',
    outcome: 'completed',
    cost_usd: 4.2,
    minutes: 38,
    insertions: 412,
    deletions: 96,
    files_changed: 14,
    commit_count: 6,
    model: MODELS[0],
  },
  {
    title:
      'Deduplicate events by idempotency key so that a batch retried after a timeout is not counted twice by the aggregation that runs every night',
    project: 'ingest-worker',
    status: 'review',
    outcome: 'limit_budget',
    outcome_detail: 'The run reached its limit of $5.00.',
    cost_usd: 5,
    max_cost_usd: 5,
    minutes: 52,
    insertions: 240,
    deletions: 31,
    files_changed: 9,
    commit_count: 3,
  },
  {
    title: 'Show and revoke active sessions',
    project: 'web-app',
    status: 'review',
    outcome: 'completed',
    cost_usd: 1.84,
    max_cost_usd: 5,
    minutes: 12,
    insertions: 312,
    deletions: 48,
    files_changed: 11,
    commit_count: 2,
  },
  {
    title: 'Draft the data-retention policy page',
    project: 'docs-site',
    status: 'review',
    outcome: 'completed',
    profile: 'planning',
    cost_usd: 0.33,
    minutes: 3,
    model: MODELS[0],
  },
  {
    title: 'Return 422 instead of 500 on malformed webhooks',
    project: 'billing-api',
    status: 'completed',
    outcome: 'completed',
    cost_usd: 0.47,
    minutes: 5,
    insertions: 40,
    deletions: 6,
    files_changed: 3,
    commit_count: 1,
  },
  {
    title: 'Document retry semantics of the events API',
    project: 'docs-site',
    status: 'completed',
    outcome: 'completed',
    profile: 'quick',
    cost_usd: 0.03,
    minutes: 1,
    model: MODELS[2],
    insertions: 61,
    files_changed: 1,
    commit_count: 1,
  },
  {
    title: 'Remove 14 dead feature flags',
    project: 'web-app',
    status: 'completed',
    outcome: 'completed',
    cost_usd: 1.23,
    minutes: 19,
    model: MODELS[0],
    insertions: 12,
    deletions: 884,
    files_changed: 31,
    commit_count: 14,
  },
  {
    title: 'Port the image resizer to WebAssembly',
    project: 'ingest-worker',
    status: 'failed',
    outcome: 'resource_memory',
    outcome_detail: 'The agent used more than 4 GB of memory.',
    profile: 'deep',
    cost_usd: 0.92,
    minutes: 7,
  },
  {
    title: 'Upgrade the payment provider library to its next major version',
    project: 'billing-api',
    status: 'failed',
    outcome: 'workspace_failed',
    outcome_detail: 'npm ci ended with 1.',
    cost_usd: 0,
    minutes: 0,
  },
  {
    title: 'Rewrite everything in another language',
    project: 'infra',
    status: 'cancelled',
    outcome: null,
    cost_usd: 12_345.67,
    minutes: 600,
  },
];

const FINISHED: readonly RunRow['status'][] = ['completed', 'review', 'failed', 'completed', 'cancelled'];

export async function seedHome(home: string, options: SeedOptions = {}): Promise<Seeded> {
  await mkdir(join(home, 'logs'), { recursive: true, mode: 0o700 });
  const clock = systemClock();
  const store = await openSqliteStore({ path: join(home, 'gluon.db'), clock, log: silentLog() });
  const transcripts = transcriptFiles({ logFolder: (id) => join(home, 'logs', id), clock });
  try {
    const projects: ProjectRow[] = [];
    for (const name of PROJECTS) projects.push(projectRow({ id: randomId(), name, path: await repository(name) }));
    const change = await changedBranch(projects.find(({ name }) => name === 'web-app')?.path ?? '');
    const rows = [...RUNS, ...moreSpecs(options.moreRuns ?? 0)].map((spec) => row(spec, projects, change, clock.nowMs()));
    await store.transaction(async (tx) => {
      for (const project of projects) await tx.insertProject(project);
      for (const [age, run] of rows.entries()) await insert(tx, run, age);
    });
    const runs = Object.fromEntries(rows.map(({ title, id }) => [title, id]));
    const shown = runs['Show and revoke active sessions'];
    if (shown !== undefined) await transcripts.append(shown, [...(options.moreRecords ?? []), ...variedRecords()]);
    return { projects, runs };
  } finally {
    await transcripts.close();
    await store.close();
  }
}

function row(spec: Spec, projects: readonly ProjectRow[], change: { base: string; head: string; branch: string }, nowMs: number): RunRow {
  const { project: name, minutes, ...over } = spec;
  const project = projects.find((each) => each.name === name);
  if (project === undefined) throw new Error(`no project ${name}`);
  const id = randomId();
  const changed = spec.title === 'Show and revoke active sessions';
  const ended = new Date(nowMs - 3_600_000 + minutes * 60_000).toISOString();
  return {
    ...runRow(project.id, {
      id,
      prompt: `${spec.title}.`,
      branch_name: changed ? change.branch : `gluon-task/${id.slice(0, 8)}`,
      base_branch: 'main',
    }),
    ...(changed ? { base_commit: change.base, head_commit: change.head } : {}),
    model: MODELS[1] ?? null,
    attempts: 1,
    input_tokens: 412_000,
    output_tokens: 28_400,
    cache_read_tokens: 3_100_000,
    model_calls: 31,
    created_at: new Date(nowMs - 3_700_000).toISOString(),
    queued_at: new Date(nowMs - 3_700_000).toISOString(),
    started_at: new Date(nowMs - 3_600_000).toISOString(),
    ended_at: ended,
    updated_at: ended,
    ...over,
  };
}

async function insert(tx: StoreWrites, run: RunRow, age: number): Promise<void> {
  await tx.insertRun(run);
  const attempt = attemptRow(run.id, {
    id: randomId(),
    state: 'ended',
    outcome: run.outcome,
    detail: run.outcome_detail,
    started_at: run.started_at ?? run.created_at,
    ended_at: run.ended_at,
    base_commit: run.base_commit,
    head_commit: run.head_commit,
    cost_usd: run.cost_usd,
  });
  await tx.insertAttempt(attempt);
  // What was paid is spread over the last weeks, so that the charts have something to show.
  for (let part = 0; part < CALLS; part += 1) {
    const at = new Date(Date.parse(run.started_at ?? run.created_at) - ((age + part) % 28) * DAY_MS + part * 60_000).toISOString();
    const share = {
      cost_usd: (run.cost_usd ?? 0) / CALLS,
      input_tokens: Math.round(run.input_tokens / CALLS),
      output_tokens: Math.round(run.output_tokens / CALLS),
    };
    await tx.insertModelCall(
      callRow(run, {
        id: randomId(),
        attempt_id: attempt.id,
        at,
        model: run.model ?? '',
        cache_read_tokens: Math.round(run.cache_read_tokens / CALLS),
        ...share,
      }),
    );
  }
}

const CALLS = 4;
const DAY_MS = 86_400_000;

function moreSpecs(count: number): Spec[] {
  return Array.from({ length: count }, (_, index) => {
    const status = FINISHED[index % FINISHED.length] ?? 'completed';
    return {
      title: `${['Refactor', 'Test', 'Document', 'Speed up'][index % 4]} module ${index}${index % 9 === 0 ? ' with a title that goes on until it needs a second line of the card' : ''}`,
      project: PROJECTS[index % PROJECTS.length] ?? 'infra',
      status,
      outcome: status === 'failed' ? 'agent_exit' : status === 'cancelled' ? null : 'completed',
      cost_usd: (index % 400) / 100,
      minutes: index % 55,
    };
  });
}

async function repository(name: string): Promise<string> {
  return sampleRepository({
    'README.md': `# ${name}\n`,
    'src/server/sessions.ts': SESSIONS,
    'src/app.txt': 'one\ntwo\nthree\n',
    'logo.png': 'not a picture\u0000\u0001',
  });
}

/** A branch with a change of every kind: edited, new, removed, renamed, binary. */
async function changedBranch(path: string): Promise<{ base: string; head: string; branch: string }> {
  const branch = 'gluon-task/sessions';
  const base = await git(path, 'rev-parse', 'HEAD');
  await git(path, 'checkout', '--quiet', '-b', branch);
  await commitFiles(
    path,
    { 'src/server/sessions.ts': SESSIONS.replace('if (!session)', 'if (!session || session.userId !== actor.id)') },
    'Check the owner before revoking',
  );
  await git(path, 'mv', 'src/app.txt', 'src/application.txt');
  await git(path, 'rm', '--quiet', 'README.md');
  const head = await commitFiles(
    path,
    {
      'src/account/SessionsPage.tsx': 'export function SessionsPage() {\n  return <DataTable rows={useSessions()} />;\n}\n',
      'logo.png': 'another one\u0000\u0002',
    },
    'Add the page of sessions',
  );
  await git(path, 'checkout', '--quiet', 'main');
  return { base, head, branch };
}

const SESSIONS = `import { store } from './store';

export async function sessions(userId: string): Promise<Session[]> {
  return store.list({ userId, active: true });
}

export async function revoke(id: string, actor: Actor): Promise<void> {
  const session = await store.get(id);
  if (!session) throw new NotFound('session');
  await store.remove(id);
}
`;

/** Ids of the fixture count up and would look alike on every card. */
function randomId(): string {
  return `${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}${newId().slice(-8)}`;
}
