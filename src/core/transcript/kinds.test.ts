import { describe, expect, it } from 'vitest';
import { countMessage, flagsOf, isOfKind, MESSAGE_KINDS, noCounts } from './kinds.ts';

const RECORDS = [
  { type: 'user', text: 'Do it' },
  { type: 'text', text: 'I will' },
  { type: 'tool_use', name: 'Edit' },
  { type: 'tool_result', name: 'Edit', ok: true },
  { type: 'tool_use', name: 'Bash' },
  { type: 'tool_result', name: 'Bash', ok: false },
  { type: 'tool_use', name: 'Read' },
  { type: 'tool_result', name: 'Read', ok: true },
  { type: 'screenshot' },
  { type: 'question' },
  { type: 'error', text: 'broke' },
  { type: 'usage' },
  { type: 'result', ok: true },
];

const shown = (kind: (typeof MESSAGE_KINDS)[number]) =>
  RECORDS.filter((record) => isOfKind(kind, record.type, flagsOf(record))).map((record) => RECORDS.indexOf(record));

describe('filters', () => {
  it('show what they name, results with their calls', () => {
    expect(Object.fromEntries(MESSAGE_KINDS.map((kind) => [kind, shown(kind)]))).toEqual({
      text: [0, 1],
      tools: [2, 3, 4, 5, 6, 7, 8],
      edits: [2, 3],
      shell: [4, 5],
      errors: [5, 10],
      questions: [9],
    });
  });

  it('count a call once, and what failed', () => {
    const counts = noCounts();
    for (const record of RECORDS) countMessage(counts, record.type, flagsOf(record));
    expect(counts).toEqual({ all: 8, text: 2, tools: 3, edits: 1, shell: 1, errors: 2, questions: 1 });
  });

  it('do not believe fields of the wrong kind', () => {
    for (const name of [null, 7, ['Bash'], { toString: () => 'Bash' }]) expect(flagsOf({ type: 'tool_use', name })).toBe(0);
    expect(flagsOf({ type: 'text', name: 'Bash', ok: false })).toBe(0);
  });
});
