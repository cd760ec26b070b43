/** Which events people are told of, in which words. Pure: the one place where an event becomes a notification. */
import type { Outcome } from '../run/outcome.ts';
import type { RunStatus } from '../run/status.ts';
import type { NotificationKind } from './kinds.ts';

/** The events that may be worth one, with what is read of them. */
export type Noticeable =
  | { type: 'question.asked' | 'question.parked'; payload: { question: string } }
  | { type: 'run.ended'; payload: { status: RunStatus; outcome: Outcome; detail: string } }
  | { type: 'run.merged'; payload: { base: string } }
  | { type: 'run.merge_refused'; payload: { base: string; why: string; files: readonly string[] } }
  | { type: 'egress.refused'; payload: { host: string; port: number } }
  | { type: 'model.rate_limited'; payload: { until: string | null; why: string } };

export interface Notice {
  readonly kind: NotificationKind;
  readonly text: string;
  /** At most one of this kind in so many milliseconds, of one run or of all of them; null: each one counts. */
  readonly quiet: { readonly ms: number; readonly of: 'run' | 'all' } | null;
}

export interface NoticeFacts {
  /** Who caused the event, as recorded: `web`, `cli`, `agent`, … */
  readonly actor: string;
  /** Text of the question that the event is about. */
  readonly question: string | null;
  /** Its time to be answered is over. */
  readonly overdue: boolean;
}

const NOTICEABLE: ReadonlySet<string> = new Set<Noticeable['type']>([
  'question.asked',
  'question.parked',
  'run.ended',
  'run.merged',
  'run.merge_refused',
  'egress.refused',
  'model.rate_limited',
]);

export function isNoticeable(event: { type: string; payload: unknown }): event is Noticeable {
  return NOTICEABLE.has(event.type);
}

/** A provider that holds back does so for every run at once. */
const CAPACITY_QUIET_MS = 30 * 60_000;
/** An agent may try one name after the other; the card lists them all. */
const EGRESS_QUIET_MS = 10 * 60_000;
const MAX_TEXT = 300;

/** Null: nobody has to hear of it, mostly because a person at the screen did it. */
export function noticeOf(event: Noticeable, facts: NoticeFacts): Notice | null {
  switch (event.type) {
    case 'question.asked':
      return notice('question_asked', facts.question ?? 'The agent asks.');
    case 'question.parked':
      // Before its time it is parked because Gluon goes down: the run goes on at the next start, and the agent asks again.
      if (!facts.overdue) return null;
      return notice('question_parked', `Nobody answered in time, the run waits: ${facts.question ?? 'the agent asked.'}`);
    case 'run.ended':
      return endOfRun(event.payload);
    case 'run.merged':
      return atTheScreen(facts.actor) ? null : notice('run_completed', `Merged into ${event.payload.base}.`);
    case 'run.merge_refused':
      return notice('merge_refused', refusedMerge(event.payload));
    case 'egress.refused': {
      const { host, port } = event.payload;
      const name = port === 443 || port === 80 ? host : `${host}:${port}`;
      return { ...notice('egress_refused', `The agent was not let through to ${name}.`), quiet: { ms: EGRESS_QUIET_MS, of: 'run' } };
    }
    case 'model.rate_limited': {
      const { until } = event.payload;
      const text = until === null ? 'The provider holds back.' : `The provider holds back until ${until.slice(11, 16)} UTC.`;
      return { ...notice('capacity', text), quiet: { ms: CAPACITY_QUIET_MS, of: 'all' } };
    }
    default:
      return event satisfies never;
  }
}

function endOfRun({ status, outcome, detail }: Extract<Noticeable, { type: 'run.ended' }>['payload']): Notice | null {
  if (status === 'failed') return notice('run_failed', detail);
  if (status === 'completed') return notice('run_completed', detail);
  // Interrupted by a person, or parked with its question, which is told by itself.
  if (status !== 'review' || outcome === 'interrupted') return null;
  if (outcome === 'limit_budget') return notice('cap_reached', 'The money cap is reached; raise it and resume.');
  return notice('run_review', outcome === 'completed' ? 'The run waits for your review.' : detail);
}

function refusedMerge({ base, why, files }: Extract<Noticeable, { type: 'run.merge_refused' }>['payload']): string {
  const [first] = files;
  if (first === undefined) return `The merge into ${base} was refused: ${why}.`;
  return `The merge into ${base} was refused: ${why} in ${first}${files.length > 1 ? ` and ${files.length - 1} more` : ''}.`;
}

/** The person sees the result where it was asked for. */
function atTheScreen(actor: string): boolean {
  return actor === 'web' || actor === 'cli' || actor.startsWith('web:') || actor.startsWith('cli:');
}

function notice(kind: NotificationKind, text: string): Notice {
  const flat = text.replace(/\s+/g, ' ').trim();
  const letters = [...flat];
  return { kind, text: letters.length > MAX_TEXT ? `${letters.slice(0, MAX_TEXT - 1).join('')}…` : flat, quiet: null };
}
