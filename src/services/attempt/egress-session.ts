/** The egress proxy of one attempt; a refusal becomes an event and a name on the card. */
import type { EgressDecision } from '../../contract/resources.ts';
import type { EgressSession } from '../../ports/egress.ts';
import type { ProjectRow, RunRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { noteProblem } from '../problems.ts';
import { unitOfWork } from '../unit-of-work.ts';

/** A card that lists more refused names than this helps nobody. */
const MAX_REFUSED_SHOWN = 50;

/** Null where the sandbox has the host's network anyway, or none at all is wanted. */
export async function openEgress(deps: Deps, run: RunRow, project: ProjectRow): Promise<EgressSession | null> {
  if (run.sandbox !== 'strict') return null;
  const maxBytes = deps.settings.get('egress_max_bytes');
  return deps.egress.open(run.id, {
    policy: run.egress,
    alsoAllowed: [...run.egress_allowed, ...project.egress_allowed],
    maxBytes: maxBytes > 0 ? maxBytes : null,
    onDecision: (decision) => void record(deps, run.id, decision).catch((error: unknown) => noteProblem(deps, 'egress', error, run.id)),
    onLimit: (bytes) =>
      void unitOfWork(deps, (unit) => unit.record('egress.limit_reached', { bytes }, { runId: run.id, actor: 'gluon' })).catch(
        (error: unknown) => noteProblem(deps, 'egress', error, run.id),
      ),
  });
}

async function record(deps: Deps, runId: string, decision: EgressDecision): Promise<void> {
  await unitOfWork(deps, async (unit) => {
    await unit.tx.insertEgress({ run_id: runId, ...decision });
    if (decision.allowed) return;
    const run = await unit.tx.run(runId);
    if (run === null) return;
    const name = decision.port === 443 || decision.port === 80 ? decision.host : `${decision.host}:${decision.port}`;
    if (!run.egress_refused.includes(name)) {
      await unit.updateRun(runId, { egress_refused: [...run.egress_refused, name].slice(-MAX_REFUSED_SHOWN) });
      await unit.record('egress.refused', { host: decision.host, port: decision.port, why: decision.reason }, { runId, actor: 'agent' });
    }
    unit.publish({ topic: `run:${runId}`, type: 'egress_refused', data: decision });
  });
}
