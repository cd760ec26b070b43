/** What a move to another column means, in one sentence; and why another one is none. Pure. */
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { COLUMN_WORD, STATUSES, type Status } from './columns.ts';

export interface Move {
  readonly to: Status;
  readonly title: string;
  readonly text: string;
}

type Facts = Pick<RunCard, 'status' | 'legal_moves' | 'attempts'>;

/** The legal moves of a card, in the order of the columns. */
export function movesOf(card: Facts): readonly Move[] {
  return STATUSES.filter((to) => card.legal_moves.includes(to)).map((to) => ({ to, ...meaning(card, to) }));
}

function meaning({ status, attempts }: Facts, to: Status): { title: string; text: string } {
  switch (to) {
    case 'pending':
      return {
        title: 'Queue again',
        text: attempts > 0 ? 'Keeps branch and session, starts a new attempt.' : 'Starts from its prompt when there is a place.',
      };
    case 'cancelled':
      if (status === 'running') return { title: 'Cancel', text: 'Stops the agent. What it did stays on its branch.' };
      if (status === 'pending') return { title: 'Cancel', text: 'It does not start.' };
      return { title: 'Cancel', text: 'What it did stays on its branch.' };
    case 'completed':
      return { title: 'Accept', text: 'The work is done. Nothing is merged by this move.' };
    case 'failed':
      return { title: 'Mark as failed', text: 'The branch stays.' };
    case 'review':
      return { title: 'Reopen', text: 'Back to be looked at.' };
    case 'running':
      return { title: 'Start', text: 'Starts at once.' };
    default:
      return to satisfies never;
  }
}

/** Why a column does not take the card. */
export function whyNot(card: Facts, to: Status): string {
  const legal = movesOf(card).map(({ to }) => COLUMN_WORD[to]);
  if (to === 'running')
    return `A run starts when it gets a place.${card.legal_moves.includes('pending') ? ' Drop it on Queue to run it again.' : ''}`;
  if (legal.length === 0) return `A run in ${COLUMN_WORD[card.status]} cannot be moved.`;
  return `A run in ${COLUMN_WORD[card.status]} can go to ${list(legal)}.`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** The legal column beside this one, for arrow keys; the same again at the end. `from` itself counts: back to where it was. */
export function nextTarget(columns: readonly Status[], card: Facts, at: Status, step: 1 | -1): Status {
  const targets = columns.filter((status) => status === card.status || card.legal_moves.includes(status));
  const index = targets.indexOf(at);
  return targets[index + step] ?? at;
}
