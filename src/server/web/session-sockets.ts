/** Live connections by the session that opened them: they end with it. */

interface Closable {
  close(code: number, reason: string): void;
  on(event: 'close', listener: () => void): unknown;
}

export interface SessionSockets {
  add(sessionId: string, socket: Closable): void;
  end(sessionId: string): void;
}

/** 1008: policy. The page asks for a login then, instead of connecting again. */
const POLICY = 1008;

export function sessionSockets(): SessionSockets {
  const open = new Map<string, Set<Closable>>();
  return {
    add(sessionId, socket) {
      const ofSession = open.get(sessionId) ?? new Set();
      open.set(sessionId, ofSession);
      ofSession.add(socket);
      socket.on('close', () => {
        ofSession.delete(socket);
        if (ofSession.size === 0 && open.get(sessionId) === ofSession) open.delete(sessionId);
      });
    },
    end(sessionId) {
      for (const socket of open.get(sessionId) ?? []) socket.close(POLICY, 'the session has ended');
    },
  };
}
