import type { CommandDeclaration } from '../command.ts';
import { LIMIT, SINCE_LAST } from './options.ts';

const change = () => import('../commands/change.ts');
const git = () => import('../commands/git.ts');

export const CHANGES: readonly CommandDeclaration[] = [
  {
    path: 'diff',
    args: '<run>',
    summary: 'What a run changed, as unified diff.',
    notes: 'Control characters are left out; --raw keeps every byte, for "git apply", and is refused on a terminal.',
    options: [
      { flags: '--path <path>', summary: 'only this file', kind: 'text' },
      { flags: '--commit <sha>', summary: 'only this commit', kind: 'text' },
      { flags: '--stat', summary: 'only the files and their line counts' },
      SINCE_LAST,
      { flags: '--raw', summary: 'exact, to be applied' },
    ],
    load: async () => (await change()).diff,
  },
  {
    path: 'commits',
    args: '<run>',
    summary: 'Commits of a run, newest first.',
    options: [LIMIT],
    load: async () => (await change()).commits,
  },
  {
    path: 'files',
    args: '<run>',
    summary: 'Files that a run changed.',
    options: [{ flags: '--path <path>', summary: 'only below this path', kind: 'text' }, SINCE_LAST],
    load: async () => (await change()).files,
  },
  { path: 'open', args: '<run>', summary: 'Print the path of the working copy.', load: async () => (await change()).open },
  {
    path: 'merge',
    args: '<run>',
    summary: 'Merge the change of a run into its base branch.',
    options: [
      { flags: '--into <branch>', summary: 'another branch', kind: 'text' },
      { flags: '--message <text>', summary: 'message of the merge commit', kind: 'text' },
    ],
    load: async () => (await import('../commands/run-state.ts')).merge,
  },
  {
    path: 'git status',
    args: '[project]',
    summary: 'State of one checkout, or of all, without fetching.',
    load: async () => (await git()).status,
  },
  {
    path: 'git fetch',
    args: '[project]',
    summary: 'Fetch from the remote and show the state.',
    load: async () => (await git()).fetchRemote,
  },
  {
    path: 'git sync',
    args: '<project>',
    summary: 'Fetch, then fast-forward the checked-out branch.',
    load: async () => (await git()).sync,
  },
  {
    path: 'git push',
    args: '<project>',
    summary: 'Push a branch to its remote, never by force.',
    options: [{ flags: '--branch <branch>', summary: 'which branch', kind: 'text' }],
    load: async () => (await git()).push,
  },
  {
    path: 'branch list',
    args: '<project>',
    summary: 'List branches, newest first.',
    options: [{ flags: '--mine', summary: 'only those that Gluon made' }, LIMIT],
    load: async () => (await git()).branches,
  },
  {
    path: 'branch rename',
    args: '<project> <from> <to>',
    summary: 'Rename a branch that Gluon made.',
    load: async () => (await git()).renameBranch,
  },
  {
    path: 'branch delete',
    args: '<project> <branch>',
    summary: 'Delete a branch that Gluon made; its commits stay reachable for its run.',
    options: [{ flags: '-f, --force', summary: 'do not ask' }],
    load: async () => (await git()).deleteBranch,
  },
];
