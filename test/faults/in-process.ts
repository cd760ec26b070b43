/** The services over real adapters, in this process and with clocks that a test sets: for what takes days. */
import { rm } from 'node:fs/promises';
import { openHome } from '../../src/adapters/home/open.ts';
import { runRow } from '../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { noFaults } from '../../src/adapters/system/fault.ts';
import { fileLog } from '../../src/adapters/system/log.ts';
import { systemRandom } from '../../src/adapters/system/random.ts';
import { compose } from '../../src/main/compose.ts';
import { openedThings } from '../../src/main/opened-things.ts';
import { liveRedaction } from '../../src/main/redaction.ts';
import type { ProjectRow, RunRow } from '../../src/ports/store.ts';
import type { Deps } from '../../src/services/deps.ts';
import { addProject } from '../../src/services/projects.ts';
import { temporaryFolder } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';

export interface InProcess {
  readonly deps: Deps;
  readonly project: ProjectRow;
  readonly repository: string;
  /** What people read, and what timers go by. */
  readonly clock: { wallMs: number; aliveMs: number };
  /** A run with a commit of its own on its branch, kept as `refs/gluon/runs/<id>`; it has no working copy. */
  run(over?: Partial<RunRow>): Promise<RunRow>;
  close(): Promise<void>;
}

export async function inProcess(): Promise<InProcess> {
  const clock = { wallMs: Date.now(), aliveMs: 1_000 };
  const random = systemRandom();
  const userHome = await temporaryFolder('user');
  const folder = await temporaryFolder('home');
  const environment = { PATH: process.env.PATH, GLUON_HOME: folder };
  const home = await openHome({ environment, userHome, random });
  const opened = openedThings();
  opened.add(() => home.release());
  const redaction = liveRedaction(home.token);
  const log = fileLog(`${home.path}/logs/server.log`, 'info', { redact: (line) => line });
  opened.add(async () => log.close());
  const clocks = { ...systemClock(), nowMs: () => clock.wallMs, monotonicMs: () => clock.aliveMs };
  const world = { home, environment, userHome, version: '0', clock: clocks, random, log, fault: noFaults, redaction };
  const { deps } = await compose(world, opened);
  const repository = await sampleRepository();
  const project = await addProject(deps, { name: 'shop', path: repository }, 'test');
  return {
    deps,
    project,
    repository,
    clock,
    async run(over = {}) {
      const id = random.id();
      const base = await git(repository, 'rev-parse', 'main');
      const head = await git(repository, 'commit-tree', '-p', base, '-m', `Work of ${id}`, `${base}^{tree}`);
      const branch = `gluon-task/${id.slice(0, 8)}`;
      const row = runRow(project.id, {
        id,
        status: 'review',
        attempts: 1,
        branch_name: branch,
        base_branch: 'main',
        base_commit: base,
        head_commit: head,
        commit_count: 1,
        worktree_state: 'none',
        ended_at: new Date(clock.wallMs).toISOString(),
        ...over,
      });
      await git(repository, 'update-ref', `refs/gluon/runs/${id}`, head);
      await git(repository, 'branch', row.branch_name ?? branch, head);
      await deps.store.transaction((tx) => tx.insertRun(row));
      return row;
    },
    async close() {
      await opened.closeAll(log);
      for (const path of [folder, userHome, repository]) await rm(path, { recursive: true, force: true });
    },
  };
}
