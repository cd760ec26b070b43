import { describe, expect, it } from 'vitest';
import type { TranscriptRecord } from '../../../../src/contract/resources.ts';
import { type Row, RowBuilder } from './rows.ts';

let seq = 0;

function record(type: TranscriptRecord['type'], fields: Record<string, unknown> = {}): TranscriptRecord {
  seq += 1;
  return { seq, at: new Date(seq * 1000).toISOString(), attempt: 1, type, ...fields };
}

const use = (id: string, name: string, input: object = {}, parent: string | null = null) =>
  record('tool_use', { id, name, input, summary: `${name} ${id}`, parent });
const result = (id: string, fields: object = {}) => record('tool_result', { id, name: 'Bash', ok: true, output: '', ...fields });

function rowsOf(...records: TranscriptRecord[]): readonly Row[] {
  return new RowBuilder(records).rows;
}

describe('rows of a transcript', () => {
  it('a call and its result are one row, whatever lies between them', () => {
    const rows = rowsOf(use('a', 'Bash'), use('b', 'Write'), result('b'), result('a', { ok: false, output: 'no' }));
    expect(rows).toMatchObject([
      { kind: 'call', call: { id: 'a', result: { ok: false, output: 'no', tookMs: 3000 } } },
      { kind: 'call', call: { id: 'b', result: { ok: true, tookMs: 1000 } } },
    ]);
  });

  it('reads in a row fold, and something else between them ends the fold', () => {
    const rows = rowsOf(
      use('a', 'Read'),
      result('a'),
      use('b', 'Read'),
      use('c', 'Read'),
      result('b'),
      use('d', 'Grep'),
      use('e', 'Glob'),
      record('text', { text: 'So.' }),
      use('f', 'Read'),
    );
    expect(rows).toMatchObject([
      { kind: 'fold', verb: 'Read', calls: [{ id: 'a' }, { id: 'b', result: { ok: true } }, { id: 'c', result: null }] },
      { kind: 'fold', verb: 'Search', calls: [{ id: 'd' }, { id: 'e' }] },
      { kind: 'prose' },
      { kind: 'call', call: { id: 'f' } },
    ]);
  });

  it('what a subagent does stands below it, parallel ones in one row', () => {
    const rows = rowsOf(
      use('t1', 'Task', { description: 'Find callers', subagent_type: 'Explore' }),
      use('t2', 'Agent', { description: 'Device names' }),
      use('x', 'Bash', {}, 't1'),
      record('text', { text: 'I look.', parent: 't2' }),
      result('x', { parent: 't1', ok: false }),
      record('subagent', { id: 'task-1', parent: 't1', state: 'progress', kind: 'Explore', summary: 'Half way', tokens: 1200 }),
      result('t1'),
    );
    expect(rows).toHaveLength(1);
    expect(rows).toMatchObject([
      {
        kind: 'agents',
        agents: [
          {
            state: 'done',
            kind: 'Explore',
            summary: 'Half way',
            tokens: 1200,
            children: [{ kind: 'call', call: { id: 'x', result: { ok: false } } }],
          },
          { state: 'running', children: [{ kind: 'prose', text: 'I look.' }] },
        ],
      },
    ]);
  });

  it('an agent in the background is done when its report says so', () => {
    const launched = [use('t', 'Task', { run_in_background: true }), result('t')];
    expect(rowsOf(...launched)).toMatchObject([{ agents: [{ state: 'running' }] }]);
    const ended = record('subagent', { id: 'x', parent: 't', state: 'ended', kind: '', summary: 'Found it' });
    expect(rowsOf(...launched, ended)).toMatchObject([{ agents: [{ state: 'done', summary: 'Found it' }] }]);
  });

  it('records whose beginning lies before the window find a place', () => {
    expect(rowsOf(result('a', { name: 'Bash', output: 'late' }))).toMatchObject([
      { kind: 'call', call: { name: 'Bash', called: false, result: { output: 'late', tookMs: null } } },
    ]);
    expect(rowsOf(use('x', 'Read', {}, 'gone'))).toMatchObject([{ kind: 'agents', agents: [{ call: { called: false }, children: [{}] }] }]);
    expect(rowsOf(record('screenshot', { tool_id: 'gone', attachment: 'ab' }))).toMatchObject([{ call: { screenshots: ['ab'] } }]);
  });

  it('a question takes the place of the call that asked it', () => {
    const rows = rowsOf(use('q', 'AskUserQuestion'), record('question', { question: 'q1', items: [{ question: 'Which?' }] }), result('q'));
    expect(rows).toMatchObject([{ kind: 'question', id: 'q1' }]);
  });

  it('the end of a turn repeats nothing; a failed one is told', () => {
    expect(rowsOf(record('text', { text: 'Done.' }), record('result', { ok: true, text: 'Done.' }))).toHaveLength(1);
    expect(rowsOf(record('text', { text: 'Done.' }), record('result', { ok: true, text: 'A plan' }))).toHaveLength(2);
    expect(rowsOf(record('result', { ok: false, text: '' }))).toMatchObject([{ kind: 'error', text: 'The turn failed.' }]);
  });

  it('retries in a row are one line', () => {
    const rows = rowsOf(
      record('rate_limit', { retry: 1, of: 10 }),
      record('rate_limit', { retry: 2, of: 10 }),
      record('rate_limit', { rejected: true }),
    );
    expect(rows).toMatchObject([
      { kind: 'wait', record: { retry: 2 } },
      { kind: 'wait', record: { rejected: true } },
    ]);
  });

  it('the newest edit and the newest list are known', () => {
    const builder = new RowBuilder([use('a', 'Edit'), use('b', 'TodoWrite'), use('c', 'Write'), use('d', 'Bash')]);
    expect(builder.rows.find(({ key }) => key === builder.lastEdit)).toMatchObject({ call: { id: 'c' } });
    expect(builder.rows.find(({ key }) => key === builder.lastTodo)).toMatchObject({ call: { id: 'b' } });
  });

  it('what is not what it should be breaks nothing', () => {
    const strange: TranscriptRecord[] = [];
    for (const type of [
      'user',
      'text',
      'tool_use',
      'tool_result',
      'screenshot',
      'subagent',
      'question',
      'rate_limit',
      'result',
      'error',
    ] as const)
      for (const value of [null, 7, {}, [], 'x'])
        strange.push(
          record(type, { text: value, id: value, name: value, input: value, items: value, parent: value, detail: value, images: value }),
        );
    const rows = rowsOf(...strange);
    expect(rows.length).toBeGreaterThan(5);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  it('a changed row is a new object; the others stay', () => {
    const builder = new RowBuilder([use('a', 'Bash'), record('text', { text: 'x' })]);
    const before = [...builder.rows];
    builder.add(result('a'));
    expect(builder.rows[0]).not.toBe(before[0]);
    expect(builder.rows[1]).toBe(before[1]);
  });
});
