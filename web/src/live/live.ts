/** The connection of this page, and what views use of it. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { call } from '../api/call.ts';
import { LiveConnection, type LiveListener, type LiveStatus, type SocketLike } from './connection.ts';

function openSocket(): SocketLike {
  const address = new URL('/api/ws', location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(address, 'gluon.v1') as unknown as SocketLike;
}

export const live = new LiveConnection({
  open: openSocket,
  nowMs: () => Date.now(),
  random: () => Math.random(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  // A session that has ended is told by any other request, and then the door is shown. Nobody there is told by the connection's state.
  refused: () => void call('auth.session', {}).catch(() => {}),
  report: (error) => reportError(error),
});

for (const change of ['online', 'offline']) addEventListener(change, () => live.tryNow());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') live.tryNow();
});

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(
    (watcher) => live.watchStatus(watcher),
    () => live.status(),
  );
}

/** Watches a topic while the view is there. The listener may be new at each render. */
export function useTopic(topic: string | null, listener: LiveListener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    if (topic === null) return;
    return live.watch(topic, {
      message: (type, data) => latest.current.message(type, data),
      resync: () => latest.current.resync(),
    });
  }, [topic]);
}
