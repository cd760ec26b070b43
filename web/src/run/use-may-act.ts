import { useSyncExternalStore } from 'react';
import { session, watchSession } from '../api/session.ts';

/** Whether this person may change runs. What is hidden here the server refuses as well. A session that ended hides nothing: drafts stay. */
export function useMayAct(): boolean {
  const now = useSyncExternalStore(watchSession, session);
  return now.state !== 'in' || now.user.role !== 'viewer';
}
