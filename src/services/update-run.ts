/** Fields of a run that a person may change: its title and its caps. */
import type { ParsedInput } from '../contract/operations.ts';
import type { RunRow } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { findRun } from './find.ts';
import { only } from './only.ts';
import { unitOfWork } from './unit-of-work.ts';

export async function updateRunFields(deps: Deps, input: ParsedInput<'runs.update'>, actor: string): Promise<string> {
  const run = await findRun(deps.store, input.run);
  const { run: _run, ...fields } = input;
  const patch: Partial<RunRow> = only(fields);
  // 0 means no cap, as in the settings.
  if (patch.max_cost_usd === 0) patch.max_cost_usd = null;
  if (patch.max_duration_minutes === 0) patch.max_duration_minutes = null;
  if (Object.keys(patch).length === 0) return run.id;
  await unitOfWork(deps, async (unit) => {
    await unit.updateRun(run.id, patch);
    await unit.record('run.updated', { fields: Object.keys(patch) }, { runId: run.id, actor });
  });
  return run.id;
}
