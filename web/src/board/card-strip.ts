/** The one coloured strip of a card: what deviates, in words, with its time. A healthy run has none. Pure. */
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { outcomeWords } from '../run/status-words.ts';
import { ago, money } from '../ui/format.ts';

export type Strip =
  | { readonly kind: 'you'; readonly question: string; readonly id: string; readonly parked: boolean; readonly expiresAt: string }
  | { readonly kind: 'wait'; readonly word: string; readonly text: string; readonly waiting: NonNullable<RunCard['waiting']> }
  | { readonly kind: 'failed' | 'stop'; readonly word: string; readonly text: string; readonly figure: string | null };

const WAITING_WORD: Record<NonNullable<RunCard['waiting']>['reason'], string> = {
  slot: 'Slot',
  capacity: 'Waiting for capacity',
  budget: 'Budget',
  dependency: 'Dependency',
  schedule: 'Schedule',
  input: 'Input',
  limit_reset: 'Limit resets',
};

/** Ends that somebody chose or a limit set: nothing broke. */
const STOPPED: ReadonlySet<string> = new Set([
  'limit_turns',
  'limit_budget',
  'limit_time',
  'limit_iterations',
  'interrupted',
  'rate_limited',
]);

type Facts = Pick<RunCard, 'status' | 'outcome' | 'outcome_detail' | 'waiting' | 'open_question' | 'cost_usd' | 'max_cost_usd'>;

export function stripOf(card: Facts): Strip | null {
  const asked = card.open_question;
  if (asked !== null) {
    const more = asked.questions > 1 ? ` (and ${asked.questions - 1} more)` : '';
    return { kind: 'you', question: `${asked.text}${more}`, id: asked.id, parked: asked.parked, expiresAt: asked.expires_at };
  }
  const { outcome, waiting } = card;
  if (waiting !== null && waiting.reason !== 'input')
    return { kind: 'wait', word: WAITING_WORD[waiting.reason], text: plain(waiting.detail), waiting };
  if (card.status === 'failed' && (outcome === null || outcome === 'completed'))
    return { kind: 'failed', word: 'Failed', text: plain(card.outcome_detail ?? ''), figure: null };
  if (outcome === null || outcome === 'completed' || (card.status !== 'failed' && card.status !== 'review')) return null;
  const stopped = card.status === 'review' && STOPPED.has(outcome);
  return {
    kind: stopped ? 'stop' : 'failed',
    word: outcomeWords(outcome),
    text: plain(card.outcome_detail ?? ''),
    figure: outcome === 'limit_budget' && card.max_cost_usd !== null ? money(card.max_cost_usd) : null,
  };
}

function plain(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** `4:12 left`, `2 h left`, `parked 26 min`: the time that an answer has, or since when it had none. */
export function questionTime(expiresAt: string, parked: boolean, nowMs: number): string {
  const ms = Date.parse(expiresAt) - nowMs;
  if (parked || ms <= 0) return `parked ${ago(Date.parse(expiresAt), nowMs).replace(' ago', '')}`;
  const seconds = Math.floor(ms / 1000);
  if (seconds >= 2 * 3600) return `${Math.floor(seconds / 3600)} h left`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}

/** How long it waits; or how long still, where that is known. */
export function waitTime(waiting: NonNullable<RunCard['waiting']>, nowMs: number): string {
  if (waiting.until !== undefined && Date.parse(waiting.until) > nowMs) return `in ${coarse(Date.parse(waiting.until) - nowMs)}`;
  return coarse(nowMs - Date.parse(waiting.since));
}

function coarse(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** How long the run runs, or ran; null while it has not begun. Milliseconds. */
export function runningMs(card: Pick<RunCard, 'started_at' | 'ended_at' | 'status'>, nowMs: number): number | null {
  if (card.started_at === null) return null;
  const end = card.status === 'running' || card.ended_at === null ? nowMs : Date.parse(card.ended_at);
  return Math.max(0, end - Date.parse(card.started_at));
}

/** The branch without the prefix that all of them have. */
export function shortBranch(branch: string): string {
  return branch.startsWith('gluon-task/') ? branch.slice('gluon-task/'.length) : branch;
}

const STATUS_WORD: Record<RunCard['status'], string> = {
  pending: 'pending',
  running: 'running',
  review: 'in review',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** What a screen reader says of the card: title, status, what it waits for, cost. */
export function cardName(card: RunCard, nowMs: number): string {
  const strip = stripOf(card);
  const parts = [card.title, card.project, STATUS_WORD[card.status]];
  if (strip?.kind === 'you') parts.push(`input required: ${strip.question}`, questionTime(strip.expiresAt, strip.parked, nowMs));
  else if (strip?.kind === 'wait') parts.push(`waits: ${strip.word}, ${strip.text}`);
  else if (strip !== null) parts.push(strip.text === '' ? strip.word : `${strip.word}: ${strip.text}`);
  if (card.unread) parts.push('unread');
  parts.push(money(card.cost_usd));
  return parts.join(', ');
}

/** About how high the card will be, in px, before it is measured: the closer, the less the list moves. */
export function guessHeight(
  card: Pick<RunCard, 'title' | 'last_activity' | 'insertions' | 'deletions' | 'commit_count'> & Facts,
  width: number,
): number {
  const line = Math.max(12, Math.floor((width - 32) / 6.6));
  let height = 13 + 16 + 4 + (card.title.length > line ? 36 : 18) + 4 + 16;
  const strip = stripOf(card);
  if (strip?.kind === 'you') height += 4 + (strip.question.length > line ? 66 : 50);
  else if (strip !== null) height += 26;
  else if (card.status === 'running' && card.last_activity !== null) height += 20;
  if (card.status === 'review' && card.commit_count + card.insertions + card.deletions > 0) height += 20;
  return height;
}
