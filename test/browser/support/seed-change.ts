/** A run in review whose change is made by the test itself, commit by commit: for what no agent would leave behind in a hurry. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/adapters/store/sqlite/open.ts';
import { attemptRow, projectRow, runRow } from '../../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import { git, sampleRepository } from '../../support/repository.ts';

export interface SeededChange {
  readonly run: string;
  readonly repository: string;
  readonly base: string;
  readonly head: string;
}

/** `change` works in the repository's checkout; what it leaves uncommitted goes into a last commit. */
export async function seedChange(
  home: string,
  title: string,
  before: Record<string, string>,
  change: (repository: string) => Promise<void>,
): Promise<SeededChange> {
  const repository = await sampleRepository(before);
  const base = await git(repository, 'rev-parse', 'HEAD');
  const branch = 'gluon-task/change';
  await git(repository, 'checkout', '--quiet', '-b', branch);
  await change(repository);
  await git(repository, 'add', '--all');
  await git(repository, 'commit', '--quiet', '--allow-empty', '--message', 'The rest of it');
  const head = await git(repository, 'rev-parse', 'HEAD');
  await git(repository, 'checkout', '--quiet', '--force', 'main');
  const stat = await git(repository, 'diff', '--shortstat', base, head);
  const count = (what: RegExp): number => Number(what.exec(stat)?.[1] ?? 0);

  await mkdir(join(home, 'logs'), { recursive: true, mode: 0o700 });
  const clock = systemClock();
  const store = await openSqliteStore({ path: join(home, 'gluon.db'), clock, log: silentLog() });
  try {
    const project = projectRow({ id: randomId(), name: title.toLowerCase().replace(/\W+/g, '-').slice(0, 60), path: repository });
    const at = new Date(clock.nowMs()).toISOString();
    const run = runRow(project.id, {
      id: randomId(),
      title,
      status: 'review',
      outcome: 'completed',
      agent: 'fake',
      branch_name: branch,
      base_branch: 'main',
      base_commit: base,
      head_commit: head,
      attempts: 1,
      commit_count: Number(await git(repository, 'rev-list', '--count', `${base}..${head}`)),
      files_changed: count(/(\d+) files? changed/),
      insertions: count(/(\d+) insertion/),
      deletions: count(/(\d+) deletion/),
      created_at: at,
      queued_at: at,
      started_at: at,
      ended_at: at,
      updated_at: at,
    });
    await store.transaction(async (tx) => {
      await tx.insertProject(project);
      await tx.insertRun(run);
      await tx.insertAttempt(
        attemptRow(run.id, {
          id: randomId(),
          state: 'ended',
          outcome: 'completed',
          started_at: at,
          ended_at: at,
          base_commit: base,
          head_commit: head,
        }),
      );
    });
    return { run: run.id, repository, base, head };
  } finally {
    await store.close();
  }
}

/** Ids of the fixture count up in each process, and would meet those of another. */
function randomId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}
