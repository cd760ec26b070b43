/** Tells decisions without flooding: the first of a name at once, more of the same name summed up once a window. */
import type { EgressDecision } from '../../../contract/resources.ts';
import type { Clock } from '../../../ports/system.ts';

const WINDOW_MS = 30_000;
/** Names told of per session; an agent that invents names gets no more lines in the log than this. */
const MAX_NAMES = 500;

interface Line {
  host: string;
  port: number;
  allowed: boolean;
  reason: string;
  up: number;
  down: number;
  again: boolean;
  toldAtMs: number;
}

export interface Decisions {
  tell(decision: { host: string; port: number; allowed: boolean; reason: string }): void;
  /** Bytes of a connection that ended. */
  addBytes(host: string, port: number, up: number, down: number): void;
  /** Tells what is still summed up. */
  flush(): void;
}

export function decisions(clock: Clock, onDecision: (decision: EgressDecision) => void): Decisions {
  const lines = new Map<string, Line>();
  const say = (line: Line): void => {
    const at = new Date(clock.nowMs()).toISOString();
    const { host, port, allowed, reason, up, down } = line;
    Object.assign(line, { up: 0, down: 0, again: false, toldAtMs: clock.monotonicMs() });
    onDecision({ at, host, port, allowed, reason, bytes_up: up, bytes_down: down });
  };
  const due = (line: Line): void => {
    if (clock.monotonicMs() - line.toldAtMs >= WINDOW_MS) say(line);
  };
  return {
    tell({ host, port, allowed, reason }) {
      const key = `${allowed} ${host}:${port}`;
      const known = lines.get(key);
      if (known !== undefined) {
        Object.assign(known, { reason, again: true });
        due(known);
      } else if (lines.size < MAX_NAMES) {
        const line: Line = { host, port, allowed, reason, up: 0, down: 0, again: false, toldAtMs: 0 };
        lines.set(key, line);
        say(line);
      }
    },
    addBytes(host, port, up, down) {
      const line = lines.get(`true ${host}:${port}`);
      if (line === undefined) return;
      line.up += up;
      line.down += down;
      due(line);
    },
    flush() {
      for (const line of lines.values()) if (line.up > 0 || line.down > 0 || (line.again && !line.allowed)) say(line);
    },
  };
}
