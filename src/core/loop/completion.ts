/**
 * Whether an iteration completes the loop. A status block decides alone; without one, signals add up. A claim is never enough where a
 * verify command is set: it only asks for the gate, which is the caller's to run.
 */
import type { Claims } from './claims.ts';
import type { StatusBlock } from './status-block.ts';
import type { TodoList } from './todo-list.ts';

export interface CompletionFacts {
  readonly block: StatusBlock | null;
  readonly claims: Claims;
  /** Null: there is no TODO file. */
  readonly todo: TodoList | null;
  /** Iterations in a row, this one included, with a completion phrase and no change. */
  readonly idleClaims: number;
  /** Iterations in a row, this one included, that only ran tests. */
  readonly testOnly: number;
  readonly toolCalls: number;
  /** Commits or changed files since the run's base. */
  readonly changedSinceBase: boolean;
}

export interface Completion {
  readonly kind: 'complete' | 'blocked' | 'go_on';
  /** 0 to 100. */
  readonly confidence: number;
  /** One sentence for people. */
  readonly reason: string;
}

/** Signals must add up to so much. */
export const ENOUGH = 60;

export function decideCompletion(facts: CompletionFacts): Completion {
  const claimed = facts.block === null ? byWords(facts) : byBlock(facts.block);
  if (claimed.kind !== 'complete' || facts.toolCalls > 0 || facts.changedSinceBase) return claimed;
  return {
    kind: 'go_on',
    confidence: 0,
    reason: 'The agent says that it is complete, without one tool call and without any change since the base.',
  };
}

function byBlock(block: StatusBlock): Completion {
  if (block.status === 'blocked') {
    return {
      kind: 'blocked',
      confidence: 0,
      reason:
        block.recommendation === '' ? 'The agent says that it is blocked.' : `The agent says that it is blocked: ${block.recommendation}`,
    };
  }
  const complete = block.status === 'complete';
  if (complete && block.exitSignal)
    return { kind: 'complete', confidence: 100, reason: 'The status block says COMPLETE with EXIT_SIGNAL true.' };
  if (complete) return { kind: 'go_on', confidence: 50, reason: 'The status block says COMPLETE, but EXIT_SIGNAL is not true.' };
  if (block.exitSignal) return { kind: 'go_on', confidence: 50, reason: 'The status block says EXIT_SIGNAL true, but not COMPLETE.' };
  return { kind: 'go_on', confidence: 0, reason: 'The status block says that there is more to do.' };
}

function byWords(facts: CompletionFacts): Completion {
  const signals: [points: number, words: string][] = [];
  const { todo } = facts;
  if (todo !== null && todo.total > 0) {
    const all = todo.ticked === todo.total;
    signals.push([all ? 40 : Math.round((todo.ticked / todo.total) * 20), `${todo.ticked} of ${todo.total} boxes ticked`]);
  }
  if (facts.claims.completion) signals.push([10, 'a completion phrase']);
  if (facts.claims.done) signals.push([15, 'the word done']);
  if (facts.claims.nothingToDo) signals.push([20, 'nothing to do']);
  if (facts.idleClaims >= 2) signals.push([60, `${facts.idleClaims} iterations in a row said so and changed nothing`]);
  if (facts.testOnly >= 3) signals.push([60, `${facts.testOnly} iterations in a row only ran tests`]);
  const confidence = Math.min(
    100,
    signals.reduce((sum, [points]) => sum + points, 0),
  );
  const found = signals.filter(([points]) => points > 0).map(([points, words]) => `${words} +${points}`);
  const reason =
    found.length === 0 ? 'No status block, and no sign of completion.' : `No status block; signs of completion: ${found.join(', ')}.`;
  return { kind: confidence >= ENOUGH ? 'complete' : 'go_on', confidence, reason };
}
