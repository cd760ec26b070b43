/** What the server does right now, and what its home holds. */
import type { OperationOutput } from '../contract/operations.ts';
import type { Deps } from './deps.ts';
import { iso } from './deps.ts';
import { costToday } from './read-usage.ts';

export interface ServerFacts {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly address: () => string;
  readonly accepting: () => boolean;
}

export async function serverStatus(deps: Deps, server: ServerFacts): Promise<OperationOutput<'system.status'>> {
  const credential = await deps.credentials.current();
  return {
    version: deps.version,
    pid: server.pid,
    home: deps.home.path,
    address: server.address(),
    started_at: iso(server.startedAtMs),
    projects: (await deps.store.projects()).length,
    runs: await deps.store.countRuns(),
    open_questions: (await deps.store.openQuestions()).length,
    max_concurrent_runs: deps.settings.get('max_concurrent_runs'),
    provider: {
      configured: credential !== null,
      source: credential?.source ?? null,
      base_url: await deps.credentials.baseUrl(),
      expires_at: credential?.expiresAtMs == null ? null : iso(credential.expiresAtMs),
    },
    cost_today_usd: await costToday(deps),
    accepting: server.accepting(),
  };
}

const LARGEST_SHOWN = 5;
const LOOKED_AT = 200;

export async function homeStats(deps: Deps): Promise<OperationOutput<'system.stats'>> {
  const sections: Record<string, number> = {};
  for (const section of ['worktrees', 'logs', 'sessions', 'images', 'trusted'])
    sections[section] = await deps.home.bytesBelow(`${deps.home.path}/${section}`);
  const total = await deps.home.bytesBelow(deps.home.path);
  sections.other = Math.max(0, total - Object.values(sections).reduce((sum, bytes) => sum + bytes, 0));
  const { items } = await deps.store.listRuns({}, LOOKED_AT);
  const largest = [];
  for (const run of items) {
    const copy =
      run.worktree_state === 'present' && run.use_worktree && run.worktree_path !== null
        ? await deps.home.bytesBelow(run.worktree_path)
        : 0;
    largest.push({ run_id: run.id, title: run.title, bytes: copy + (await deps.home.bytesBelow(deps.home.logFolder(run.id))) });
  }
  largest.sort((a, b) => b.bytes - a.bytes);
  return { total_bytes: total, free_bytes: await deps.home.freeBytes(), sections, largest_runs: largest.slice(0, LARGEST_SHOWN) };
}
