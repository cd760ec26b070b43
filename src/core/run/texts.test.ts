import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseTool } from '../text/tool-summary.ts';
import { recoveryPrompt } from './prompts.ts';
import { classifyWorkingCopy, mayRemove } from './retention.ts';
import { titleOf } from './title.ts';

describe('title', () => {
  it.each([
    ['Fix the login\n\nDetails…', 'Fix the login'],
    ['\n\n  # Add   tests  \n', 'Add tests'],
    ['', ''],
  ])('%j becomes %j', (prompt, title) => expect(titleOf(prompt)).toBe(title));

  it('is cut at a word and never longer than 80 characters', () => {
    expect(titleOf('word '.repeat(40))).toMatch(/^(word )+word…$/);
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => [...titleOf(text)].length <= 80));
  });
});

describe('tool summary', () => {
  it.each([
    ['Bash', { command: 'npm test\n  --watch' }, 'npm test --watch'],
    ['Edit', { file_path: 'src/a.ts', old_string: 'x' }, 'src/a.ts'],
    ['TodoWrite', { todos: [1, 2] }, '2 items'],
    ['mcp__x__y', { n: 1, what: 'hello' }, 'hello'],
    ['Bash', null, ''],
    ['Bash', { command: 7 }, ''],
  ])('%s %j is %j', (name, input, line) => expect(summariseTool(name, input)).toBe(line));

  it('a huge input costs nothing and gives one line', () => {
    const line = summariseTool('Bash', { command: 'x\n'.repeat(5_000_000) });
    expect(line.length).toBeLessThanOrEqual(120);
    expect(line).not.toContain('\n');
  });
});

it('the digest of a recovery names the task, what is done, the files and the last words', () => {
  const prompt = recoveryPrompt({
    prompt: 'Build it',
    doneItems: ['parser'],
    changedFiles: Array.from({ length: 60 }, (_, n) => `f${n}`),
    lastSummary: 'half way',
  });
  for (const part of ['Build it', '- parser', '- f0', 'and 10 more', 'half way']) expect(prompt).toContain(part);
});

describe('retention', () => {
  const base = { status: 'completed', merged: false, archived: false, endedDaysAgo: 1 } as const;
  it.each([
    [{ ...base, status: null }, 'orphan'],
    [{ ...base, status: 'running' }, 'active'],
    [{ ...base, status: 'review', endedDaysAgo: 400 }, 'active'],
    [{ ...base, merged: true }, 'merged'],
    [base, 'retained'],
    [{ ...base, endedDaysAgo: 8 }, 'expired'],
    [{ ...base, status: 'failed', archived: true }, 'expired'],
  ] as const)('%j is %s', (given, state) => expect(classifyWorkingCopy(given).state).toBe(state));

  it('an orphan is never removed by itself, and nothing that still may be wanted', () => {
    expect((['orphan', 'active', 'retained', 'merged', 'expired'] as const).filter(mayRemove)).toEqual(['merged', 'expired']);
  });
});
