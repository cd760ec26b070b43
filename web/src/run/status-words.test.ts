import { describe, expect, it } from 'vitest';
import { statusWords, waitingWords } from './status-words.ts';

const base = { status: 'review', outcome: 'completed', merged_commit: null, open_question: null } as const;

describe('the state in words', () => {
  it.each([
    [{ ...base }, 'Review'],
    [{ ...base, outcome: 'limit_budget' }, 'Review · Cost limit reached'],
    [{ ...base, status: 'failed', outcome: 'resource_memory' }, 'Out of memory'],
    [{ ...base, status: 'failed', outcome: null }, 'Failed'],
    [{ ...base, status: 'completed', merged_commit: 'abc' }, 'Merged'],
    [{ ...base, status: 'running', outcome: null }, 'Running'],
    [
      {
        ...base,
        status: 'running',
        outcome: null,
        open_question: { id: 'q', text: 'Which?', questions: 1, expires_at: '', parked: false },
      },
      'Input required',
    ],
  ] as const)('%#', (run, words) => expect(statusWords(run)).toBe(words));

  it('a wait says for what', () => {
    expect(waitingWords({ reason: 'capacity', detail: 'Sonnet key.', since: '' })).toBe('Waiting for capacity, Sonnet key');
    expect(waitingWords({ reason: 'slot', detail: '', since: '' })).toBe('Waiting for a free slot');
    expect(waitingWords({ reason: 'input', detail: 'Which?', since: '' })).toBe('Waiting for your answer');
  });
});
