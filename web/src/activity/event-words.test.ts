import { describe, expect, it } from 'vitest';
import { EVENTS, type EventPayload, type EventType } from '../../../src/contract/events.ts';
import { actorWords, EVENT_TYPES, eventWords, typeWords } from './event-words.ts';

const CAPS = { by: 'cgroup2', memory_bytes: null, cpu_cores: null, pids: null, file_bytes: null, disk_bytes: null } as const;

/** A payload of every type, and a part of the sentence that must tell it. */
const SAMPLES: { readonly [T in EventType]: readonly [EventPayload<T>, string] } = {
  'project.added': [{ project: 'web-app', path: '/code/web-app' }, 'web-app was added: /code/web-app'],
  'project.updated': [{ project: 'web-app', fields: ['name', 'egress'] }, 'name, egress'],
  'project.removed': [{ project: 'web-app' }, 'web-app was removed'],
  'workspace.added': [{ workspace: 'code', path: '/code' }, 'code was added'],
  'workspace.scanned': [{ workspace: 'code', found: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }, 'found a, b, c, d, e and 2 more'],
  'workspace.removed': [{ workspace: 'code' }, 'code was removed'],
  'setting.changed': [{ key: 'max_cost_usd' }, 'max_cost_usd'],
  'config.rejected': [{ why: 'line 3 is no YAML' }, 'line 3 is no YAML'],
  'run.created': [{ project: 'web-app', branch: 'gluon-task/1', base_commit: null }, 'Submitted on gluon-task/1'],
  'run.updated': [{ fields: ['title'] }, 'Changed: title'],
  'run.moved': [{ from: 'review', to: 'completed' }, 'from Review to Completed'],
  'run.queued': [{ why: 'the server went down' }, 'the server went down'],
  'run.waiting_changed': [
    { waiting: { reason: 'limit_reset', detail: 'Opens at 14:20.', since: '2026-11-01T10:00:00.000Z' } },
    'Waits (limit reset). Opens at 14:20.',
  ],
  'run.ended': [{ status: 'failed', outcome: 'resource_memory', detail: 'It used 4 GB.' }, 'Failed: Out of memory. It used 4 GB.'],
  'run.cancelled': [{ from: 'running' }, 'Stopped'],
  'run.archived': [{}, 'Archived'],
  'run.unarchived': [{}, 'Brought back'],
  'run.forgotten': [{ run: '0123456789abcdef', title: 'Old work', why: 'it is over for 30 days' }, '01234567 “Old work” was taken'],
  'run.forked': [{ into: '0123456789abcdef' }, 'into 01234567'],
  'run.merged': [{ base: 'main', commit: 'abcdef0123456789', checkout: 'updated' }, 'into main as abcdef01'],
  'run.merge_refused': [{ base: 'main', why: 'It conflicts', files: ['a.ts'] }, 'Not merged into main: It conflicts. a.ts'],
  'attempt.started': [{ number: 2, kind: 'resume', epoch: 2, session_id: 's' }, 'Attempt 2 started (resume)'],
  'attempt.process_started': [{ number: 1, pid: 7, sandbox: 'strict', caps: CAPS, version: '2.1' }, 'the agent runs (2.1), sandbox strict'],
  'attempt.ended': [
    { number: 1, outcome: 'agent_silent', detail: 'No output for 20 minutes.', exit_code: null, exit_signal: 'SIGKILL' },
    'Agent went silent. No output for 20 minutes.',
  ],
  'attempt.write_refused': [{ epoch: 1, current: 2 }, 'epoch 1'],
  'working_copy.created': [{ path: '/w', base_commit: 'abc', branch: 'gluon-task/1' }, 'gluon-task/1'],
  'working_copy.removed': [{ path: '/w', rescue_ref: 'refs/x' }, 'rescued first'],
  'working_copy.restored': [{ path: '/w', from: 'refs/x' }, 'brought back'],
  'working_copy.script_ended': [{ script: 'setup', exit_code: 3, output: '' }, 'The setup script ended with 3'],
  'work.imported': [{ head: 'abcdef0123456789', commits: 1, auto_commit: false, notices: [] }, '1 commit came in, up to abcdef01'],
  'work.import_refused': [{ why: 'a path leaves the repository' }, 'a path leaves the repository'],
  'question.asked': [{ question: 'q' }, 'asks'],
  'question.answered': [{ question: 'q', by: 'owner' }, 'by owner'],
  'question.parked': [{ question: 'q' }, 'waits for an answer'],
  'follow_up.queued': [{ follow_up: 'f', now: true }, 'at once'],
  'follow_up.delivered': [{ follow_up: 'f' }, 'got a message'],
  'follow_up.withdrawn': [{ follow_up: 'f' }, 'taken back'],
  'egress.refused': [{ host: 'example.org', port: 443, why: 'not on the list' }, 'example.org:443 refused: not on the list'],
  'egress.allowed': [{ host: 'example.org', scope: 'run' }, 'example.org was allowed for the run'],
  'egress.denied': [{ host: 'example.org', scope: 'project' }, 'the list of the project'],
  'egress.policy_set': [{ egress: ['example.org'] }, 'May now reach example.org'],
  'egress.limit_reached': [{ bytes: 2_000_000_000 }, '2.00 GB'],
  'budget.warned': [{ spent_usd: 4, cap_usd: 5 }, '$4.00 of $5.00'],
  'budget.refused': [{ spent_usd: 4.9, reserved_usd: 0.2, cap_usd: 5 }, 'cap $5.00'],
  'model.rate_limited': [{ status: 429, until: null, why: 'too many tokens' }, 'holds back: too many tokens'],
  'model.call_refused': [{ why: 'no such model' }, 'no such model'],
  'push.subscribed': [{ service: 'push.example.org', user: 'owner' }, 'of owner'],
  'push.unsubscribed': [{ service: 'push.example.org', why: 'it is gone' }, 'no more: it is gone'],
  'push.failed': [{ service: 'push.example.org', why: 'it answered 500' }, 'could not be sent: it answered 500'],
  'transcript.lost': [{ why: 'the file was cut' }, 'the file was cut'],
  'attachment.stored': [{ attachment: 'a' }, 'image'],
  'reconcile.repaired': [{ what: 'a run was running without an attempt' }, 'a run was running'],
  'server.started': [{ version: '0.1.0', schema: 5 }, 'Gluon 0.1.0 is up'],
  'server.stopped': [{}, 'went down'],
  'problem.noted': [{ where: 'work_import', why: 'disk full' }, 'Work import: disk full'],
};

describe('every event', () => {
  it('of the contract has words, and no other', () => {
    expect([...EVENT_TYPES].sort()).toEqual(Object.keys(EVENTS).sort());
  });

  it.each(Object.entries(SAMPLES))('%s tells what its payload says', (type, [payload, part]) => {
    expect(EVENTS[type as EventType].payload.safeParse(payload).success, 'the sample is a payload of the contract').toBe(true);
    const { text } = eventWords({ type, payload });
    expect(text).toContain(part);
    expect(text).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each(EVENT_TYPES)('%s says something without any payload', (type) => {
    expect(eventWords({ type, payload: {} }).text).not.toBe('');
  });

  it('of a newer server says its type', () => {
    expect(eventWords({ type: 'gate.vote_stale', payload: { x: 1 } })).toEqual({ topic: 'server', text: 'Gate: vote stale' });
    expect(eventWords({ type: 'toString', payload: {} }).text).toBe('Tostring');
    expect(typeWords('run.merge_refused')).toBe('Run: merge refused');
  });
});

it.each([
  ['cli', 'Command line'],
  ['web:vera', 'vera'],
  ['agent', 'Agent'],
  ['somebody', 'somebody'],
])('%s is %s', (actor, shown) => expect(actorWords(actor)).toBe(shown));
