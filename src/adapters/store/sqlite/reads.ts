import type { StoreReads } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import type { Db } from './connection.ts';
import { readIdempotent } from './idempotent.ts';
import { readAttempts } from './read-attempts.ts';
import { readConversation } from './read-conversation.ts';
import { readEvents } from './read-events.ts';
import { readProjects } from './read-projects.ts';
import { readRuns } from './read-runs.ts';
import { readUsage } from './read-usage.ts';
import { readWeb } from './read-web.ts';

export function readsOn(db: Db, clock: Clock): StoreReads {
  return {
    ...readProjects(db),
    ...readRuns(db),
    ...readAttempts(db),
    ...readConversation(db),
    ...readEvents(db),
    ...readUsage(db, clock),
    ...readIdempotent(db, clock),
    ...readWeb(db),
  };
}
