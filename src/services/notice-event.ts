/** Turns an event into a notification and an unread mark, in the transaction that records the event. */
import type { GluonEvent } from '../contract/resources.ts';
import { isNoticeable, type Notice, type Noticeable, noticeOf } from '../core/notify/notice.ts';
import type { Settings } from '../ports/settings.ts';
import type { QuestionRow, StoreWrites } from '../ports/store.ts';
import type { ShownNotification } from '../ports/web-store.ts';

/** A bell that lists more than this is no help. */
const KEPT = 1_000;

export interface Noticed {
  /** The run has news for everybody. */
  readonly news: boolean;
  /** As it is shown to somebody who has not read it. */
  readonly notification: ShownNotification | null;
}

const NOTHING: Noticed = { news: false, notification: null };

/** A kind that is switched off leaves the run unread all the same: that it has news does not depend on who wants to be told. */
export async function noticeEvent(tx: StoreWrites, settings: Pick<Settings, 'get'>, event: GluonEvent): Promise<Noticed> {
  const noticeable: { type: string; payload: unknown } = event;
  if (!isNoticeable(noticeable)) return NOTHING;
  const question = await questionOf(tx, noticeable);
  const overdue = question !== null && question.expires_at <= event.at;
  const notice = noticeOf(noticeable, { actor: event.actor, question: question?.items[0]?.question ?? null, overdue });
  if (notice === null) return NOTHING;
  if (event.run_id !== null && event.seq !== null) await tx.patchRunFacts(event.run_id, { noticed_seq: event.seq });
  const wanted = settings.get('notifications').includes(notice.kind) && !(await toldLately(tx, notice, event));
  if (!wanted) return { news: true, notification: null };
  const row = { kind: notice.kind, run_id: event.run_id, text: notice.text, at: event.at };
  const id = await tx.insertNotification(row, KEPT);
  return { news: true, notification: await tx.notification(id, NOBODY) };
}

/** No user has an empty name: for nobody everything is unread. */
const NOBODY = '';

async function questionOf(tx: StoreWrites, event: Noticeable): Promise<QuestionRow | null> {
  return event.type === 'question.asked' || event.type === 'question.parked' ? tx.question(event.payload.question) : null;
}

async function toldLately(tx: StoreWrites, { kind, quiet }: Notice, event: GluonEvent): Promise<boolean> {
  if (quiet === null) return false;
  const last = await tx.lastNotificationAt(kind, quiet.of === 'run' ? event.run_id : null);
  return last !== null && Date.parse(event.at) - Date.parse(last) < quiet.ms;
}
