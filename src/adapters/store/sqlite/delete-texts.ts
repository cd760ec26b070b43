import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Db } from './connection.ts';

/** Some milliseconds of work. */
const TEXTS_AT_ONCE = 1_000;

/** Takes the words of runs out of the index, before the runs go: a long transcript would hold the event loop up, so it goes in parts. */
export async function deleteTexts(db: Db, runIds: readonly string[]): Promise<void> {
  for (;;) {
    const some = await db.selectFrom('message_texts').select('number').where('run_id', 'in', runIds).limit(TEXTS_AT_ONCE).execute();
    if (some.length === 0) return;
    const numbers = some.map((row) => row.number);
    await db.deleteFrom('message_texts').where('number', 'in', numbers).execute();
    await nextTurn();
  }
}
