import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClaims } from './claims.ts';
import { type CompletionFacts, decideCompletion } from './completion.ts';
import type { StatusBlock } from './status-block.ts';
import { readTodoList, TODO_FILES } from './todo-list.ts';

describe('a TODO file', () => {
  it.each<[string, string, string]>([
    ['open and ticked boxes', '- [ ] one\n- [x] two\n- [X] three', '2/3'],
    ['stars and plusses', '* [ ] one\n+ [x] two', '1/2'],
    ['boxes at any indent', '- [ ] one\n      - [x] two\n\t- [x] three', '2/3'],
    ['a box without text', '- [ ]', '0/1'],
    ['dates', '- [2026-11-01] shipped\n- [ ] one', '0/1'],
    ['notes', '- [NOTE] read this\n- [x] one', '1/1'],
    ['versions', '- [v1.0] first\n- [x] one', '1/1'],
    ['numbers of tickets', '- [#12] first\n- [x] one', '1/1'],
    ['links', '- [x](https://example.org) a link\n- [ ] one', '0/1'],
    ['links named like a box', '- [ ](notes.md)\n- [x] one', '1/1'],
    ['boxes in prose', 'Tick [ ] or [x] each.', '0/0'],
    ['numbered items, which are no boxes', '1. [ ] one\n2. [x] two', '0/0'],
    ['boxes in a fence', '```\n- [ ] example\n```\n- [x] one', '1/1'],
    ['an optional section', '- [x] one\n## Optional\n- [ ] two', '1/1'],
    ['a future section', '- [x] one\n## Future work\n- [ ] two', '1/1'],
    ['nice to have', '- [x] one\n### Nice to have\n- [ ] two', '1/1'],
    ['nice-to-have in capitals', '- [x] one\n### NICE-TO-HAVE\n- [ ] two', '1/1'],
    ['a backlog', '- [x] one\n# Backlog\n- [ ] two', '1/1'],
    ['later', '- [x] one\n## Later\n- [ ] two', '1/1'],
    ['subsections of an optional section', '- [x] one\n## Optional\n### Really\n- [ ] two\n#### Deeper\n- [ ] three', '1/1'],
    ['a section behind an optional one', '## Optional\n- [ ] one\n## Must\n- [ ] two', '0/1'],
    ['a section of a higher level behind an optional one', '### Later\n- [ ] one\n# Now\n- [ ] two', '0/1'],
    ['a word that only holds "later"', '## Collateral\n- [ ] one', '0/1'],
    ['headings with closing signs', '## Optional ##\n- [ ] one', '0/0'],
    ['an empty file', '', '0/0'],
    ['Windows line ends', '- [ ] one\r\n- [x] two\r\n', '1/2'],
    ['two spaces in the box, which is none', '- [  ] one', '0/0'],
    ['a box without a blank behind it', '- [x]one\n- [ ] two', '0/1'],
  ])('%s', (_name, text, expected) => {
    const { ticked, total } = readTodoList(text);
    expect(`${ticked}/${total}`).toBe(expected);
  });

  it('is looked for under these names, in this order', () =>
    expect(TODO_FILES).toEqual(['@fix_plan.md', '.ralph/fix_plan.md', 'TODO.md', 'todo.md', 'TASKS.md']));

  it('names the open items, in order, and not without end', () => {
    expect(readTodoList('- [ ] one\n- [x] two\n* [ ] three').open).toEqual(['one', 'three']);
    expect(readTodoList('- [ ] item\n'.repeat(500)).open).toHaveLength(50);
    expect(readTodoList(`- [ ] ${'x'.repeat(10_000)}`).open[0]).toHaveLength(300);
  });
});

describe('claims in words', () => {
  const told = (text: string): string => {
    const { completion, done, nothingToDo } = readClaims(text);
    return [completion && 'completion', done && 'done', nothingToDo && 'nothing'].filter(Boolean).join(' ');
  };
  it.each<[string, string]>([
    ['All tasks complete.', 'completion'],
    ['All tasks are now completed.', 'completion'],
    ['The implementation is complete.', 'completion'],
    ['Project complete!', 'completion'],
    ['The work is finished.', 'completion'],
    ['This is ready for review.', 'completion'],
    ['Everything is done.', 'completion done'],
    ['All done.', 'completion done'],
    ['Done.', 'completion done'],
    ['DONE', 'completion done'],
    ['There is nothing to do.', 'nothing'],
    ['Nothing left to do here.', 'nothing'],
    ['No changes needed.', 'nothing'],
    ['No further changes are required.', 'nothing'],
    ['That is already implemented.', 'nothing'],
    ['No work remaining.', 'nothing'],
    ['I am not done.', ''],
    ['It is not done yet.', ''],
    ['This isn’t done.', ''],
    ["The parser isn't complete.", ''],
    ['The work is incomplete.', ''],
    ['Two things are still to be done.', ''],
    ['This has to be done next.', ''],
    ['The rest will be done later.', ''],
    ['It is almost done.', ''],
    ['Nearly finished.', ''],
    ['The migration is partially complete.', ''],
    ['When this is done, the tests follow.', ''],
    ['If all tasks are complete, say so.', ''],
    ['Once finished, I will commit.', ''],
    ['Is it done?', ''],
    ['The first part is complete, except for the docs.', ''],
    ['Nothing is done.', ''],
    ['None of it is finished.', ''],
    ['Never complete.', ''],
    ['There is not nothing to do.', ''],
    ['If there is nothing to do, stop.', ''],
    ['I abandoned it.', ''],
    ['The completed_at column was added.', ''],
    ['Use `done` as the name.', ''],
    ['> All done.', ''],
    ['```\nAll done.\n```', ''],
    ['Not done: the parser. The tests are done.', 'completion done'],
    ['I did not touch the docs. All done.', 'completion done'],
    ['Alles erledigt.', ''],
    ['Todo terminado.', ''],
    ['すべて完了しました。', ''],
    ['', ''],
  ])('%s → %s', (text, expected) => expect(told(text)).toBe(expected));

  it('looks at the end of a long text alone', () => {
    expect(told(`All done.\n${'x\n'.repeat(200_000)}`)).toBe('');
    expect(told(`${'x\n'.repeat(200_000)}All done.`)).toBe('completion done');
  });
});

const NONE = readClaims('');
const facts = (over: Partial<CompletionFacts> = {}): CompletionFacts => ({
  block: null,
  claims: NONE,
  todo: null,
  idleClaims: 0,
  testOnly: 0,
  toolCalls: 5,
  changedSinceBase: true,
  ...over,
});
const block = (status: StatusBlock['status'], exitSignal: boolean, recommendation = ''): StatusBlock => ({
  status,
  exitSignal,
  tasksCompleted: null,
  filesModified: null,
  tests: null,
  work: null,
  recommendation,
});
const all = { ticked: 4, total: 4, open: [] };
const half = { ticked: 2, total: 4, open: ['a', 'b'] };
const loud = { completion: true, done: true, nothingToDo: true };

describe('completion', () => {
  it.each<[string, Partial<CompletionFacts>, string, number]>([
    ['the dual condition', { block: block('complete', true) }, 'complete', 100],
    ['COMPLETE alone', { block: block('complete', false) }, 'go_on', 50],
    ['EXIT_SIGNAL alone', { block: block(null, true) }, 'go_on', 50],
    ['EXIT_SIGNAL with IN_PROGRESS', { block: block('in_progress', true) }, 'go_on', 50],
    ['IN_PROGRESS', { block: block('in_progress', false) }, 'go_on', 0],
    ['BLOCKED', { block: block('blocked', false) }, 'blocked', 0],
    ['BLOCKED with EXIT_SIGNAL', { block: block('blocked', true) }, 'blocked', 0],
    ['an empty block', { block: block(null, false) }, 'go_on', 0],
    [
      'a block against every other sign',
      { block: block('in_progress', false), claims: loud, todo: all, idleClaims: 9, testOnly: 9 },
      'go_on',
      0,
    ],
    ['a block that completes against open boxes', { block: block('complete', true), todo: half }, 'complete', 100],
    ['nothing said', {}, 'go_on', 0],
    ['all boxes ticked alone', { todo: all }, 'go_on', 40],
    ['half of the boxes', { todo: half }, 'go_on', 10],
    ['no boxes', { todo: { ticked: 0, total: 0, open: [] } }, 'go_on', 0],
    ['a phrase alone', { claims: { ...NONE, completion: true } }, 'go_on', 10],
    ['the word done', { claims: { ...NONE, done: true } }, 'go_on', 15],
    ['nothing to do', { claims: { ...NONE, nothingToDo: true } }, 'go_on', 20],
    ['all words together', { claims: loud }, 'go_on', 45],
    ['all boxes and all words', { claims: loud, todo: all }, 'complete', 85],
    ['all boxes and nothing to do: just enough', { claims: { ...NONE, nothingToDo: true }, todo: all }, 'complete', 60],
    ['all boxes, a phrase, but not enough', { claims: { ...NONE, completion: true }, todo: all }, 'go_on', 50],
    ['one idle claim', { idleClaims: 1 }, 'go_on', 0],
    ['two idle claims in a row', { idleClaims: 2 }, 'complete', 60],
    ['two iterations of tests alone', { testOnly: 2 }, 'go_on', 0],
    ['three iterations of tests alone', { testOnly: 3 }, 'complete', 60],
    ['more signals than a hundred points', { claims: loud, todo: all, idleClaims: 2, testOnly: 3 }, 'complete', 100],
    ['a claim with nothing done at all', { block: block('complete', true), toolCalls: 0, changedSinceBase: false }, 'go_on', 0],
    ['words with nothing done at all', { claims: loud, todo: all, toolCalls: 0, changedSinceBase: false }, 'go_on', 0],
    ['a claim without tool calls, but with a change', { block: block('complete', true), toolCalls: 0 }, 'complete', 100],
    ['a claim without a change, but with tool calls', { block: block('complete', true), changedSinceBase: false }, 'complete', 100],
    ['blocked with nothing done', { block: block('blocked', false), toolCalls: 0, changedSinceBase: false }, 'blocked', 0],
  ])('%s', (_name, over, kind, confidence) => expect(decideCompletion(facts(over))).toMatchObject({ kind, confidence }));

  it('says why in words', () => {
    expect(decideCompletion(facts({ block: block('blocked', false, 'needs a key') })).reason).toContain('needs a key');
    expect(decideCompletion(facts({ claims: loud, todo: half })).reason).toContain('2 of 4 boxes ticked +10');
  });

  it('never completes against a block that does not hold both conditions', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('in_progress', 'complete', null),
        fc.boolean(),
        fc.boolean(),
        fc.nat(5),
        fc.nat(5),
        fc.nat(3),
        (status, exit, words, idleClaims, testOnly, toolCalls) => {
          const decided = decideCompletion(
            facts({ block: block(status, exit), claims: words ? loud : NONE, todo: all, idleClaims, testOnly, toolCalls }),
          );
          if (!(status === 'complete' && exit)) expect(decided.kind).toBe('go_on');
        },
      ),
    );
  });
});
