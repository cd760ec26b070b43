import { describe, expect, it } from 'vitest';
import { actionsOf } from './actions.ts';

const base = {
  legal_moves: [],
  session_id: 's',
  head_commit: 'b',
  base_commit: 'a',
  merged_commit: null,
  archived: false,
  worktree_state: 'present',
  commit_count: 1,
} as const;

describe('actions of a run', () => {
  it.each([
    ['pending', ['cancel'], null],
    ['running', ['fork', 'interrupt', 'stop'], null],
    ['review', ['fork', 'resume', 'merge', 'accept'], 'accept'],
    ['failed', ['fork', 'recover', 'queue'], 'queue'],
    ['completed', ['fork', 'reopen'], null],
    ['cancelled', ['queue'], 'queue'],
  ] as const)('%s', (status, header, primary) => {
    expect(actionsOf({ ...base, status, legal_moves: [] })).toMatchObject({ header, primary });
  });

  it('nothing is merged twice, and nothing that does not differ', () => {
    expect(actionsOf({ ...base, status: 'review', legal_moves: [], merged_commit: 'c' }).header).not.toContain('merge');
    expect(actionsOf({ ...base, status: 'review', legal_moves: [], head_commit: 'a' }).header).not.toContain('merge');
    expect(actionsOf({ ...base, status: 'review', legal_moves: [], commit_count: 0 }).header).not.toContain('merge');
  });

  it('a run without a session can neither be forked nor recovered', () => {
    expect(actionsOf({ ...base, status: 'failed', legal_moves: [], session_id: null }).header).toEqual(['queue']);
  });

  it('only ended runs are archived; removed working copies come back', () => {
    expect(actionsOf({ ...base, status: 'running', legal_moves: [] }).menu).toEqual([]);
    expect(actionsOf({ ...base, status: 'failed', legal_moves: [], worktree_state: 'removed' }).menu).toEqual(['archive', 'undelete']);
    expect(actionsOf({ ...base, status: 'completed', legal_moves: [], archived: true }).menu).toEqual(['unarchive']);
    expect(actionsOf({ ...base, status: 'review', legal_moves: ['cancelled'] }).menu).toContain('cancel');
  });
});
