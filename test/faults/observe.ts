/** What is really there: rows, folders, references and processes, read from outside the server, alive or dead. */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MARKERS } from '../../src/core/sandbox/environment.ts';
import type { AttemptRow, ModelCallRow, RunRow } from '../../src/ports/store.ts';
import { git } from '../support/repository.ts';

/** JSON columns stay text here; no rule below looks into one but `next_attempt`. */
export type ObservedRun = Pick<
  RunRow,
  | 'id'
  | 'status'
  | 'outcome'
  | 'epoch'
  | 'head_commit'
  | 'merged_commit'
  | 'worktree_state'
  | 'worktree_path'
  | 'pending_questions'
  | 'queued_messages'
  | 'branch_name'
  | 'seq'
  | 'attempts'
> & { next_attempt: string | null };

export interface Observed {
  home: string;
  repository: string;
  serverPid: number | null;
  runs: ObservedRun[];
  attempts: AttemptRow[];
  /** State of each question and message, by run. */
  questions: { run_id: string; state: string }[];
  messages: { run_id: string; state: string }[];
  events: { run_id: string; seq: number; type: string }[];
  calls: ModelCallRow[];
  /** Entries of the folders of a home. */
  folders: Record<'worktrees' | 'sessions' | 'trusted' | 'logs' | 'sandbox' | 'git' | 'home', string[]>;
  /** Reference name → commit. */
  refs: Map<string, string>;
  /** Every object that a reference or a reflog of the repository reaches. */
  reachable: Set<string>;
  mainCommits: { commit: string; tree: string; parents: string[] }[];
  checkout: string;
  /** Left behind in the repository's git folder: locks, half-received packs. */
  gitLeftovers: string[];
  processes: { pid: number; runId: string; command: string }[];
}

export async function observe(home: string, repository: string, serverPid: number | null): Promise<Observed> {
  const rows = readRows(home);
  return {
    home,
    repository,
    serverPid,
    ...rows,
    folders: {
      worktrees: entries(join(home, 'worktrees')),
      sessions: entries(join(home, 'sessions')),
      trusted: entries(join(home, 'trusted')),
      logs: entries(join(home, 'logs')).filter((name) => !name.startsWith('server.log')),
      sandbox: entries(join(home, 'sandbox')),
      git: entries(join(home, 'git')),
      home: entries(home),
    },
    ...(await readRepository(repository)),
    processes: markedProcesses(home, serverPid),
  };
}

function readRows(home: string) {
  const path = join(home, 'gluon.db');
  const none = { runs: [], attempts: [], questions: [], messages: [], events: [], calls: [] };
  if (!existsSync(path)) return none;
  const database = new Database(path, { readonly: true, timeout: 2_000 });
  try {
    // Before the first migration there is no table.
    if (database.pragma('user_version', { simple: true }) === 0) return none;
    const all = <T>(sql: string) => database.prepare(sql).all() as T[];
    return {
      runs: all<ObservedRun>('select * from runs'),
      attempts: all<AttemptRow>('select * from attempts order by run_id, number'),
      questions: all<Observed['questions'][number]>('select run_id, state from questions'),
      messages: all<Observed['messages'][number]>('select run_id, state from follow_ups'),
      events: all<Observed['events'][number]>('select run_id, seq, type from events where run_id is not null order by id'),
      calls: all<ModelCallRow>('select * from model_calls'),
    };
  } finally {
    database.close();
  }
}

async function readRepository(repository: string) {
  const lines = async (...args: string[]) => (await git(repository, ...args)).split('\n').filter((line) => line !== '');
  const refs = new Map(
    (await lines('for-each-ref', '--format=%(refname) %(objectname)')).map((line) => line.split(' ') as [string, string]),
  );
  const reachable = new Set((await lines('rev-list', '--objects', '--all')).map((line) => line.split(' ')[0] ?? ''));
  const mainCommits = (await lines('log', '--first-parent', '--format=%H %T %P', 'main')).map((line) => {
    const [commit = '', tree = '', ...parents] = line.split(' ');
    return { commit, tree, parents };
  });
  const gitLeftovers = readdirSync(join(repository, '.git'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.lock$|\.keep$|(^|\/)(tmp_|incoming)/.test(name),
  );
  return { refs, reachable, mainCommits, checkout: await git(repository, 'status', '--porcelain'), gitLeftovers };
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** By the mark of this home in their environment, as the product itself does; read anew here, so that one mistake cannot hide another. */
function markedProcesses(home: string, serverPid: number | null): Observed['processes'] {
  const homeId = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const found: Observed['processes'] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const environment = read(`/proc/${name}/environ`).split('\0');
    if (!environment.includes(`${MARKERS.home}=${homeId}`) || Number(name) === serverPid) continue;
    const runId = environment.find((entry) => entry.startsWith(`${MARKERS.run}=`))?.slice(MARKERS.run.length + 1) ?? '';
    const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim();
    // A process that has ended has no command line any more.
    if (command !== '') found.push({ pid: Number(name), runId, command: command.slice(0, 120) });
  }
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended between two looks.
    return '';
  }
}

export interface SavedWork {
  path: string;
  files: { path: string; blob: string }[];
  commits: string[];
}

/** Names by content of everything that lies in the working copies right now, as git names it. */
export async function workOnDisk(home: string): Promise<SavedWork[]> {
  const root = join(home, 'worktrees');
  const saved: SavedWork[] = [];
  for (const name of entries(root).filter((entry) => entry.startsWith('wt-'))) {
    const path = join(root, name);
    const commits = await git(path, 'rev-list', '--all', '--max-count=50').catch(() => '');
    saved.push({ path, files: filesBelow(path), commits: commits.split('\n').filter((line) => line !== '') });
  }
  return saved;
}

export function filesBelow(root: string, prefix = ''): { path: string; blob: string }[] {
  if (!existsSync(root)) return [];
  return readdirSync(join(root, prefix)).flatMap((name) => {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (path === '.git') return [];
    const facts = lstatSync(join(root, path));
    if (facts.isDirectory()) return filesBelow(root, path);
    const content = facts.isSymbolicLink() ? Buffer.from(readlinkSync(join(root, path))) : readFileSync(join(root, path));
    return [{ path, blob: createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex') }];
  });
}
