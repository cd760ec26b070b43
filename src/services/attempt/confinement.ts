/** Opens the sandbox of a run: the same walls for the agent, for the project's scripts and for our own git. */
import type { ProjectFile } from '../../contract/project-file.ts';
import type { AgentRuntime } from '../../ports/agent.ts';
import type { EgressSession } from '../../ports/egress.ts';
import { type Caps, type Confinement, SANDBOX_PATHS } from '../../ports/sandbox.ts';
import type { RunRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';

const MB = 1024 * 1024;

export interface ConfinementSpec {
  run: RunRow;
  workingCopy: string;
  borrowedObjects: string[];
  file: ProjectFile | null;
  /** Null: only Gluon's own git works in it, with no network at all. */
  agent: AgentRuntime | null;
  egress: EgressSession | null;
}

export async function openConfinement(deps: Omit<Deps, 'wake'>, spec: ConfinementSpec): Promise<Confinement> {
  const { run } = spec;
  const sessionFolder = deps.home.sessionFolder(run.id);
  const trusted = deps.home.trustedFolder(run.id);
  await deps.home.makeFolder(sessionFolder);
  await deps.home.makeFolder(trusted);
  const readOnly = [...spec.borrowedObjects];
  // The person's own checkout: its whole git folder stays out of the agent's reach, or it would be the agent's code that the person's next
  // git command runs. What the agent changes stays uncommitted there.
  if (!run.use_worktree) readOnly.push(`${spec.workingCopy}/.git`);
  return deps.sandbox.open({
    level: run.sandbox,
    runId: run.id,
    workingCopy: spec.workingCopy,
    sessionFolder,
    readOnly,
    mounts: [...(spec.agent === null ? [] : await spec.agent.mounts()), { from: trusted, to: SANDBOX_PATHS.trustedConfig }],
    gatewaySocket: spec.agent === null ? null : deps.gatewayAddress().socket,
    egressSocket: spec.egress?.socket ?? null,
    caps: capsOf(deps, spec.file),
  });
}

/** `.gluon.yml` of the base branch wins over the settings; 0 means no cap. */
function capsOf(deps: Pick<Deps, 'settings'>, file: ProjectFile | null): Caps {
  const own = file?.caps ?? {};
  const capped = (value: number, unit = 1) => (value > 0 ? Math.round(value * unit) : null);
  const cores = own.cpu_cores ?? deps.settings.get('caps.cpu_cores');
  return {
    memoryBytes: capped(own.memory_mb ?? deps.settings.get('caps.memory_mb'), MB),
    cpuCores: cores > 0 ? cores : null,
    pids: capped(own.pids ?? deps.settings.get('caps.pids')),
    fileBytes: capped(own.file_mb ?? deps.settings.get('caps.file_mb'), MB),
    diskBytes: capped(own.disk_mb ?? deps.settings.get('caps.disk_mb'), MB),
  };
}

/** The paths of the agent's side: its own file system in a sandbox, the host's without one. */
export function agentPaths(deps: Pick<Deps, 'home'>, run: RunRow): { trustedConfig: string; sessionFolder: string } {
  return run.sandbox === 'none'
    ? { trustedConfig: deps.home.trustedFolder(run.id), sessionFolder: deps.home.sessionFolder(run.id) }
    : { trustedConfig: SANDBOX_PATHS.trustedConfig, sessionFolder: SANDBOX_PATHS.session };
}
