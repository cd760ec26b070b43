/** One transaction with the events that explain it; watchers are told after the commit, never before. */
import type { EventPayload, EventType } from '../contract/events.ts';
import type { Run } from '../contract/resources.ts';
import type { RunStatus } from '../core/run/status.ts';
import { redactDeep } from '../core/text/redact-deep.ts';
import type { Bus, LiveHint } from '../ports/bus.ts';
import type { Settings } from '../ports/settings.ts';
import type { RunRow, Store, StoreWrites, TransactionOptions } from '../ports/store.ts';
import { noticeEvent } from './notice-event.ts';
import { renderRun } from './render-run.ts';
import { factsOfRuns } from './run-facts.ts';

export interface Unit {
  readonly tx: StoreWrites;
  record<T extends EventType>(type: T, payload: EventPayload<T>, about: { runId?: string; actor: string }): Promise<void>;
  /** As `tx.updateRun`; the change is published as a patch. */
  updateRun(id: string, patch: Partial<RunRow>, expect?: { status?: RunStatus | RunStatus[]; epoch?: number }): Promise<boolean>;
  /** Published after the commit. */
  publish(hint: LiveHint): void;
}

/** What a transaction needs. `redact` takes known secrets out of everything that it records for people. */
export interface UnitDeps {
  store: Store;
  bus: Bus;
  redact: (text: string) => string;
  settings: Pick<Settings, 'get'>;
}

export async function unitOfWork<T>(deps: UnitDeps, work: (unit: Unit) => Promise<T>, options?: TransactionOptions): Promise<T> {
  const hints: LiveHint[] = [];
  const changed = new Map<string, Set<string>>();
  const result = await deps.store.transaction(async (tx) => {
    // A transaction that is tried again must not tell twice.
    hints.length = 0;
    changed.clear();
    return work({
      tx,
      async record(type, payload, about) {
        const event = await tx.appendEvent({
          type,
          payload: redactDeep(payload, deps.redact),
          actor: about.actor,
          ...(about.runId === undefined ? {} : { run_id: about.runId }),
        });
        hints.push({ topic: 'board', type: 'activity', data: event });
        if (about.runId !== undefined) {
          hints.push({ topic: `run:${about.runId}`, type: 'activity', data: event });
          note(changed, about.runId, ['seq']);
        }
        const { news, notification } = await noticeEvent(tx, deps.settings, event);
        if (news && about.runId !== undefined) note(changed, about.runId, ['unread']);
        if (notification !== null) hints.push({ topic: 'notifications', type: 'notification_created', data: notification });
      },
      async updateRun(id, patch, expect) {
        const done = await tx.updateRun(id, redactedTexts(patch, deps.redact), expect);
        if (done) note(changed, id, Object.keys(patch));
        return done;
      },
      publish: (hint) => hints.push(hint),
    });
  }, options);
  for (const [id, fields] of changed) await publishPatch(deps, id, fields);
  for (const hint of hints) deps.bus.publish(hint);
  return result;
}

/** The sentences of a run that quote an agent, a script or a provider. */
function redactedTexts(patch: Partial<RunRow>, redact: (text: string) => string): Partial<RunRow> {
  const { outcome_detail: detail, waiting } = patch;
  return {
    ...patch,
    ...(detail ? { outcome_detail: redact(detail) } : {}),
    ...(waiting ? { waiting: { ...waiting, detail: redact(waiting.detail) } } : {}),
  };
}

function note(changed: Map<string, Set<string>>, id: string, fields: string[]): void {
  const known = changed.get(id) ?? new Set<string>();
  for (const field of fields) known.add(field);
  changed.set(id, known);
}

/** Fields with which a question comes or goes. */
const ASKING = ['pending_questions', 'waiting', 'status'];

async function publishPatch(deps: UnitDeps, id: string, fields: ReadonlySet<string>): Promise<void> {
  const row = await deps.store.run(id);
  if (row === null) return;
  const project = await deps.store.project(row.project_id);
  const asks = ASKING.some((field) => fields.has(field));
  const facts = await factsOfRuns(deps.store, asks || fields.has('unread') ? [row] : [], '');
  const run = renderRun(row, project?.name ?? '', facts(id));
  const patch: Partial<Run> = { id, updated_at: run.updated_at, seq: run.seq };
  for (const field of fields) {
    if (field in run) Object.assign(patch, { [field]: run[field as keyof Run] });
  }
  if (fields.has('status')) patch.legal_moves = run.legal_moves;
  if (asks) patch.open_question = run.open_question;
  deps.bus.publish({ topic: 'board', type: 'run_updated', data: patch });
  deps.bus.publish({ topic: `run:${id}`, type: 'run_updated', data: patch });
}
