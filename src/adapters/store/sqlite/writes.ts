import type { StoreWrites } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import type { Db } from './connection.ts';
import { writeIdempotent } from './idempotent.ts';
import { readsOn } from './reads.ts';
import { writeAttempts } from './write-attempts.ts';
import { writeCalls } from './write-calls.ts';
import { writeConversation } from './write-conversation.ts';
import { writeEvents } from './write-events.ts';
import { writeProjects } from './write-projects.ts';
import { writeRuns } from './write-runs.ts';
import { writeWeb } from './write-web.ts';

export function writesOn(db: Db, clock: Clock): StoreWrites {
  return {
    ...readsOn(db, clock),
    ...writeProjects(db),
    ...writeRuns(db, clock),
    ...writeAttempts(db),
    ...writeConversation(db),
    ...writeCalls(db),
    ...writeEvents(db, clock),
    ...writeIdempotent(db, clock),
    ...writeWeb(db),
  };
}
