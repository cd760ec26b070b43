/** The end of the whole attempt, from everything that is known. Pure: the order of the questions is the rule. */
import type { AttemptEnd, Outcome } from '../../../core/run/outcome.ts';
import type { ConfinedEnd } from '../../../ports/sandbox.ts';
import type { TurnEnd } from './turn-end.ts';

export interface EndFacts {
  /** The last result, and whether a turn was still going on after it. */
  turn: TurnEnd | null;
  turnOpen: boolean;
  exit: ConfinedEnd | null;
  exceeded: 'memory' | 'pids' | 'disk' | null;
  /** Somebody asked us to stop. */
  stopped: boolean;
  /** A retry that no retry can heal, ended by us. */
  fatal: 'auth' | 'billing' | null;
  /** When the provider serves again, as far as it told. */
  limitUntilMs: number | null;
  /** The session was announced, so it exists on disk. */
  started: boolean;
  planned: boolean;
  /** What the SDK threw, when it did. */
  thrown: string | null;
  stderrTail: string;
}

const FATAL_DETAIL = {
  auth: 'The provider did not accept the credential.',
  billing: 'The provider asks for payment.',
} as const;

/** The refusal that the program gives when it should resume what it does not have: it writes nothing else. */
const NO_SESSION = 'No conversation found';

export function attemptEndOf(facts: EndFacts): AttemptEnd {
  const end = (outcome: Outcome, detail: string, more: Partial<AttemptEnd> = {}): AttemptEnd => ({
    outcome,
    detail,
    exitCode: facts.exit?.exitCode ?? null,
    exitSignal: facts.exit?.signal ?? null,
    resumable: facts.started && facts.turn?.resumable !== false,
    untilMs: null,
    ...more,
  });
  const finished = facts.turn !== null && !facts.turnOpen ? facts.turn : null;
  if (facts.planned && !facts.turnOpen) return end('completed', 'The agent handed over its plan.');
  if (finished?.outcome === 'completed') return end('completed', finished.detail);
  if (facts.fatal !== null) return end(facts.fatal, FATAL_DETAIL[facts.fatal]);
  const cap = facts.exceeded ?? (facts.exit?.exceeded === 'time' ? null : (facts.exit?.exceeded ?? null));
  if (cap !== null) return end(`resource_${cap}`, `The agent used more ${cap === 'pids' ? 'processes' : cap} than its cap allows.`);
  if (facts.stopped) return end('interrupted', 'The attempt was stopped.');
  if (finished !== null) {
    const gone = finished.resumable ? {} : { sessionGone: true };
    return end(finished.outcome, finished.detail, finished.outcome === 'rate_limited' ? { untilMs: facts.limitUntilMs } : gone);
  }
  return end('agent_exit', exitDetail(facts), facts.thrown?.includes(NO_SESSION) ? { resumable: false, sessionGone: true } : {});
}

function exitDetail(facts: EndFacts): string {
  const { exit } = facts;
  const how =
    exit?.signal != null
      ? `was killed by ${exit.signal}`
      : exit?.exitCode != null
        ? `exited with code ${exit.exitCode}`
        : `could not be run: ${facts.thrown ?? 'no reason given'}`;
  const lastLine = facts.stderrTail.trim().split('\n').at(-1) ?? '';
  return lastLine === '' ? `The agent program ${how}.` : `The agent program ${how}: ${lastLine.slice(0, 300)}`;
}
