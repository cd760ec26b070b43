import { expect, test } from 'vitest';
import { chooseTip, type WorkFound } from './work-found.ts';

const usual: WorkFound = {
  head: 'h',
  on: 'refs/heads/b',
  branch: 'h',
  headIsBehindBranch: true,
  unmerged: false,
  rebasing: false,
};

test.each<[string, Partial<WorkFound>, string | null, boolean, boolean]>([
  ['on its branch', {}, 'h', true, false],
  ['on another branch', { on: 'refs/heads/c', branch: 'x', headIsBehindBranch: false }, 'h', true, true],
  ['detached', { on: null, branch: 'x', headIsBehindBranch: false }, 'h', true, true],
  ['detached, branch deleted', { on: null, branch: null, headIsBehindBranch: false }, 'h', true, true],
  ['on an old commit', { on: null, branch: 'x' }, 'x', false, true],
  ['rebasing', { on: null, branch: 'x', headIsBehindBranch: false, rebasing: true }, 'x', false, true],
  ['conflicts', { unmerged: true }, 'h', false, true],
  ['HEAD unborn', { head: null, branch: 'x' }, 'x', true, true],
  ['nothing readable', { head: null, branch: null }, null, true, true],
])('%s', (_name, found, tip, mayCommit, noticed) => {
  const choice = chooseTip({ ...usual, ...found }, 'b');
  expect([choice.tip, choice.mayCommit, choice.notice !== null]).toEqual([tip, mayCommit, noticed]);
});
