/** Every secret that this server knows, taken out of whatever is written: transcripts, events, answers, the log. */
import { type Redactor, redactor } from '../core/text/redaction.ts';
import type { Credentials } from '../ports/gateway.ts';

export interface LiveRedaction {
  /** With what is known now. */
  redact(text: string): string;
  /** For an attempt: credentials read anew, and its own secrets beside them until `forget`. */
  forAttempt(extra: readonly string[]): Promise<Redactor>;
  forget(extra: readonly string[]): void;
}

/** Credentials that were replaced stay secret: the old one may still be in what an agent says. So many are remembered. */
const REMEMBERED = 50;

export function liveRedaction(serverToken: string): LiveRedaction & { learn(credentials: Credentials): void } {
  const known = new Set([serverToken]);
  /** With how many attempts know each: two runs of a project may share one. */
  const attempts = new Map<string, number>();
  let credentials: Credentials | null = null;
  let current = redactor([...known]);

  async function refresh(): Promise<void> {
    const before = known.size;
    for (const secret of (await credentials?.secrets()) ?? []) known.add(secret);
    for (const secret of known) if (known.size > REMEMBERED && secret !== serverToken) known.delete(secret);
    if (known.size !== before) rebuild();
  }

  function rebuild(): void {
    current = redactor([...known, ...attempts.keys()]);
  }

  return {
    redact: (text) => current.redact(text),
    learn(source) {
      credentials = source;
    },
    async forAttempt(extra) {
      await refresh();
      for (const secret of extra) attempts.set(secret, (attempts.get(secret) ?? 0) + 1);
      rebuild();
      return current;
    },
    forget(extra) {
      for (const secret of extra) {
        const others = (attempts.get(secret) ?? 0) - 1;
        if (others > 0) attempts.set(secret, others);
        else attempts.delete(secret);
      }
      rebuild();
    },
  };
}
