/** The state of a run as one word or a short phrase; shape and colour stand beside it. */
import type { Run } from '../../../src/contract/resources.ts';

const STATUS: Record<Run['status'], string> = {
  pending: 'Pending',
  running: 'Running',
  review: 'Review',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const OUTCOME: Record<NonNullable<Run['outcome']>, string> = {
  completed: 'Finished',
  limit_turns: 'Turn limit reached',
  limit_budget: 'Cost limit reached',
  limit_time: 'Time limit reached',
  limit_iterations: 'Loop limit reached',
  interrupted: 'Interrupted',
  rate_limited: 'Provider limit reached',
  auth: 'Not signed in at the provider',
  billing: 'Provider account has no credit',
  context_overflow: 'Context is full',
  refused: 'The model refused',
  agent_exit: 'Agent program ended',
  agent_silent: 'Agent went silent',
  resource_memory: 'Out of memory',
  resource_pids: 'Too many processes',
  resource_disk: 'Out of disk space',
  sandbox_unavailable: 'No sandbox',
  workspace_failed: 'Working copy failed',
  lost: 'Lost with the server',
  circuit_open: 'Stopped without progress',
  gate_failed: 'Gate failed',
};

export function outcomeWords(outcome: NonNullable<Run['outcome']>): string {
  return OUTCOME[outcome];
}

/** What the chip in the header says. */
export function statusWords(run: Pick<Run, 'status' | 'outcome' | 'merged_commit' | 'open_question'>): string {
  if (run.open_question !== null && (run.status === 'running' || run.status === 'pending')) return 'Input required';
  if (run.status === 'failed' && run.outcome !== null) return outcomeWords(run.outcome);
  if (run.status === 'completed' && run.merged_commit !== null) return 'Merged';
  if (run.status === 'review' && run.outcome !== null && run.outcome !== 'completed') return `Review · ${outcomeWords(run.outcome)}`;
  return STATUS[run.status];
}

/** One sentence about a wait, without its time: "Waiting for capacity, Sonnet key". */
export function waitingWords(waiting: NonNullable<Run['waiting']>): string {
  const what = {
    slot: 'Waiting for a free slot',
    capacity: 'Waiting for capacity',
    budget: 'Waiting for budget',
    dependency: 'Waiting for another run',
    schedule: 'Waiting for its time',
    input: 'Waiting for your answer',
    limit_reset: 'Waiting for the provider limit to reset',
  }[waiting.reason];
  return waiting.detail === '' || waiting.reason === 'input' ? what : `${what}, ${waiting.detail.replace(/\.$/, '')}`;
}
