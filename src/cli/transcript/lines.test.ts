import { describe, expect, test } from 'vitest';
import { TRANSCRIPT_TYPES, type TranscriptRecord } from '../../contract/resources.ts';
import { isErrorRecord, TranscriptLines } from './lines.ts';

const plain = (_paint: unknown, text: string) => text;
const record = (fields: Record<string, unknown>): TranscriptRecord =>
  ({ seq: 1, at: '2026-01-01T00:00:00.000Z', attempt: 1, parent: null, ...fields }) as unknown as TranscriptRecord;
const lines = (...records: Record<string, unknown>[]): string => {
  const printer = new TranscriptLines(plain);
  return records.map((fields) => printer.add(record(fields))).join('') + printer.finish();
};
const use = { type: 'tool_use', id: 't', name: 'Bash', summary: 'npm test', input: { command: 'npm test' } };
const result = { type: 'tool_result', id: 't', name: 'Bash', ok: true, output: 'x', at: '2026-01-01T00:00:12.000Z' };

test('a plan that was handed over has not failed', () => {
  const plan = { type: 'tool_use', id: 't', name: 'ExitPlanMode', summary: '', input: {} };
  const taken = { ...result, name: 'ExitPlanMode', ok: false, output: 'The plan was handed to a person.' };
  expect(lines(plan, taken)).toBe('● ExitPlanMode {} … handed over 12s\n');
  expect(isErrorRecord(record(taken))).toBe(false);
});

test('paths within the working copy are shown from there', () => {
  const printer = new TranscriptLines(plain, { root: '/home/worktrees/wt-1' });
  printer.add(record({ ...use, summary: 'cat /home/worktrees/wt-1/src/a.ts /home/worktrees/wt-11/b.ts' }));
  expect(printer.current()).toBe('● Bash cat src/a.ts /home/worktrees/wt-11/b.ts');
});

describe('a tool call and its result are one line', () => {
  test('that went well', () => expect(lines(use, result)).toBe('● Bash npm test … ok 12s\n'));
  test('that failed shows the beginning of what it said', () => {
    const output = Array.from({ length: 9 }, (_, index) => `line ${index}`).join('\n');
    expect(lines(use, { ...result, ok: false, output })).toBe(
      `● Bash npm test … failed 12s\n${[0, 1, 2, 3, 4, 5].map((n) => `    line ${n}\n`).join('')}    … 3 more lines\n`,
    );
  });
  test('whose result never came', () => expect(lines(use)).toBe('● Bash npm test … no result\n'));
  test('whose beginning was not read', () => expect(lines(result)).toBe('● Bash … ok\n'));
  test('of a subagent is indented', () =>
    expect(lines({ ...use, parent: 'p' }, { ...result, parent: 'p' })).toBe('  ● Bash npm test … ok 12s\n'));
  test('that runs is what the agent does right now', () => {
    const printer = new TranscriptLines(plain);
    printer.add(record(use));
    expect(printer.current()).toBe('● Bash npm test');
    printer.add(record(result));
    expect(printer.current()).toBeNull();
  });
});

test('the final text is not said twice', () => {
  expect(lines({ type: 'text', text: 'Done.' }, { type: 'result', ok: true, text: 'Done.' })).toBe('Done.\n');
  expect(lines({ type: 'text', text: 'So.' }, { type: 'result', ok: true, text: 'Done.' })).toBe('So.\nDone.\n');
});

test('a question lists its options', () => {
  const items = [{ question: 'Which?', options: [{ label: 'A' }, { label: 'B' }] }];
  expect(lines({ type: 'question', items })).toBe('? Which?\n    1. A\n    2. B\n');
});

test('a question that a menu asks has no numbers that nobody could type', () => {
  const items = [{ question: 'Which?', options: [{ label: 'A' }, { label: 'B' }] }];
  expect(new TranscriptLines(plain, { menuAsks: true }).add(record({ type: 'question', items }))).toBe('? Which? (A / B)\n');
});

test('no record of any type, with any field hostile or missing, writes a control character', () => {
  const evil = 'a\u001b]52;c;eA==\u0007\u001b[2K\rb';
  for (const type of TRANSCRIPT_TYPES) {
    const hostile = {
      type,
      text: evil,
      name: evil,
      summary: evil,
      id: evil,
      output: evil,
      kind: evil,
      state: evil,
      cause: evil,
      retry: 1,
      of: evil,
      attachment: evil,
      ok: false,
      items: [{ question: evil, options: [{ label: evil }] }],
    };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(lines(hostile), type).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(typeof lines({ type }), type).toBe('string');
  }
});

test('what --errors shows', () => {
  const types = [{ type: 'error' }, { type: 'rate_limit' }, { type: 'tool_result', ok: false }, { type: 'result', ok: false }];
  expect(types.map((fields) => isErrorRecord(record(fields)))).toEqual([true, true, true, true]);
  expect(isErrorRecord(record({ type: 'tool_result', ok: true }))).toBe(false);
});
