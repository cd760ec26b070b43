/** A card for tests. */
import type { RunCard } from '../../../src/contract/web-resources.ts';

const AT = '2026-01-01T10:00:00.000Z';
let last = 0;

export function card(over: Partial<RunCard> = {}): RunCard {
  last += 1;
  return {
    id: String(last).padStart(32, '0'),
    project: 'auth-service',
    project_id: 'p1',
    title: 'Move the session store',
    status: 'running',
    outcome: null,
    outcome_detail: null,
    waiting: null,
    profile: 'standard',
    agent: 'claude',
    model: null,
    branch_name: 'gluon-task/91d3be07',
    cost_usd: 2.31,
    max_cost_usd: 5,
    attempts: 1,
    pending_questions: 0,
    queued_messages: 0,
    commit_count: 0,
    files_changed: 0,
    insertions: 0,
    deletions: 0,
    unread: false,
    open_question: null,
    last_activity: null,
    context_tokens: null,
    context_window: null,
    merged_commit: null,
    initiator: 'cli',
    archived: false,
    legal_moves: ['cancelled'],
    seq: 1,
    created_at: AT,
    started_at: AT,
    ended_at: null,
    updated_at: AT,
    ...over,
  };
}

export function question(over: Partial<NonNullable<RunCard['open_question']>> = {}): NonNullable<RunCard['open_question']> {
  return { id: 'q1', text: 'Which sessions?', questions: 1, expires_at: '2026-01-01T10:05:00.000Z', parked: false, ...over };
}
