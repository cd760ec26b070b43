/** What runs may reach: shown, and widened or narrowed by a person in one step. */
import { GluonError } from '../contract/errors.ts';
import type { OperationOutput } from '../contract/operations.ts';
import { parseEgressName } from '../core/net/egress-rule.ts';
import type { RunRow } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { findRun, projectOf } from './find.ts';
import { unitOfWork } from './unit-of-work.ts';

const DECISIONS_SHOWN = 200;

export async function showEgress(deps: Deps, ref: string): Promise<OperationOutput<'egress.show'>> {
  const run = await findRun(deps.store, ref);
  const project = await projectOf(deps.store, run);
  const decisions = await deps.store.egressLog(run.id, DECISIONS_SHOWN);
  return {
    policy: run.egress,
    names: [...new Set([...(await deps.egress.names(run.egress)), ...run.egress_allowed, ...project.egress_allowed])].sort(),
    refused: run.egress_refused,
    bytes: deps.live.get(run.id)?.egressBytes() ?? decisions.reduce((sum, one) => sum + one.bytes_up + one.bytes_down, 0),
    decisions: decisions.map(({ run_id: _run, ...decision }) => decision),
  };
}

export interface EgressChange {
  run: string;
  host: string;
  scope: 'run' | 'project';
}

/** Takes effect for the next connection of a live attempt. */
export async function changeEgress(deps: Deps, input: EgressChange, allow: boolean, actor: string): Promise<void> {
  const name = parseEgressName(input.host);
  if (name === null) throw new GluonError('egress_name_invalid', { name: input.host });
  const run = await findRun(deps.store, input.run);
  const project = await projectOf(deps.store, run);
  const change = (list: string[]) => (allow ? [...new Set([...list, name])] : list.filter((one) => one !== name));
  await unitOfWork(deps, async (unit) => {
    const patch: Partial<RunRow> = {};
    if (allow) patch.egress_refused = run.egress_refused.filter((one) => one !== name);
    if (input.scope === 'run' || !allow) {
      patch.egress_allowed = change(run.egress_allowed);
      if (!allow && Array.isArray(run.egress)) patch.egress = run.egress.filter((one) => one !== name);
    }
    await unit.updateRun(run.id, patch);
    if (input.scope === 'project') await unit.tx.updateProject(project.id, { egress_allowed: change(project.egress_allowed) });
    await unit.record(allow ? 'egress.allowed' : 'egress.denied', { host: name, scope: input.scope }, { runId: run.id, actor });
  });
  await applyToLive(deps, input.scope === 'project' ? null : run.id, project.id);
}

async function applyToLive(deps: Deps, runId: string | null, projectId: string): Promise<void> {
  for (const live of deps.live.all()) {
    if (runId !== null && live.runId !== runId) continue;
    const run = await deps.store.run(live.runId);
    const project = run === null ? null : await deps.store.project(run.project_id);
    if (run === null || project === null || project.id !== projectId) continue;
    live.setEgress(run.egress, [...run.egress_allowed, ...project.egress_allowed]);
  }
}
