/** A failure that does not stop the work is not swallowed: it goes to the log and becomes an event. */
import { isGluonError } from '../contract/errors.ts';
import type { Deps } from './deps.ts';
import { type UnitDeps, unitOfWork } from './unit-of-work.ts';

export async function noteProblem(deps: UnitDeps & Pick<Deps, 'log'>, where: string, error: unknown, runId?: string): Promise<void> {
  const why = reasonOf(error);
  deps.log.warn({ where, run: runId, err: error }, why);
  try {
    await unitOfWork(deps, (unit) =>
      unit.record('problem.noted', { where, why }, { actor: 'gluon', ...(runId === undefined ? {} : { runId }) }),
    );
  } catch (failure) {
    // The store itself is what fails, or the run is gone: the log is all that is left.
    deps.log.error({ where, run: runId, err: failure }, 'a problem could not be recorded');
  }
}

export function reasonOf(error: unknown): string {
  if (isGluonError(error)) return error.message;
  return error instanceof Error ? error.message : String(error);
}
