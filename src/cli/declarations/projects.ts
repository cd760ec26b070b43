import type { CommandDeclaration, OptionDeclaration } from '../command.ts';

const project = () => import('../commands/project.ts');
const workspace = () => import('../commands/workspace.ts');
const FORCE: OptionDeclaration = { flags: '-f, --force', summary: 'do not ask' };
const BASE: OptionDeclaration = { flags: '--base-branch <branch>', summary: 'branch that runs start from', kind: 'text' };

export const PROJECTS: readonly CommandDeclaration[] = [
  {
    path: 'project add',
    args: '<name> <path>',
    summary: 'Register a git repository as a project.',
    options: [BASE],
    load: async () => (await project()).add,
  },
  {
    path: 'project list',
    summary: 'List the projects.',
    options: [{ flags: '-w, --workspace <name>', summary: 'only of this workspace', kind: 'text' }],
    load: async () => (await project()).list,
  },
  { path: 'project show', args: '<project>', summary: 'Show a project.', load: async () => (await project()).show },
  {
    path: 'project remove',
    args: '<project>',
    summary: 'Remove a project; its repository is not touched.',
    options: [FORCE],
    load: async () => (await project()).remove,
  },
  {
    path: 'project set',
    args: '<project>',
    summary: 'Change fields of a project; the word "default" (or 0) takes its own value away.',
    options: [
      { flags: '--name <name>', summary: 'new name', kind: 'text' },
      { flags: '--path <path>', summary: 'where the repository is now', kind: 'text' },
      BASE,
      { flags: '--branch-template <template>', summary: 'such as gluon-task/{id8}', kind: 'text' },
      { flags: '--worktree-root <path>', summary: 'where working copies are made', kind: 'text' },
      { flags: '--max-concurrent-runs <n>', summary: 'runs at the same time', kind: 'count' },
      { flags: '--egress <policy>', summary: 'none, packages, all, or names with commas', kind: 'text' },
      { flags: '--sandbox <level>', summary: 'level of its runs', choices: ['strict', 'standard', 'none', 'default'] },
    ],
    load: async () => (await project()).set,
  },
  {
    path: 'workspace add',
    args: '<name> <path>',
    summary: 'Register a folder that holds projects, and search it.',
    options: [{ flags: '--no-scan', summary: 'do not search it now' }],
    load: async () => (await workspace()).add,
  },
  { path: 'workspace list', summary: 'List the workspaces.', load: async () => (await workspace()).list },
  { path: 'workspace show', args: '<workspace>', summary: 'Show a workspace.', load: async () => (await workspace()).show },
  {
    path: 'workspace scan',
    args: '[workspace]',
    summary: 'Search one workspace, or all, for new projects.',
    load: async () => (await workspace()).scan,
  },
  {
    path: 'workspace projects',
    args: '<workspace>',
    summary: 'List the projects of a workspace.',
    load: async () => (await workspace()).projects,
  },
  {
    path: 'workspace remove',
    args: '<workspace>',
    summary: 'Remove a workspace; no files are touched.',
    options: [{ flags: '--with-projects', summary: 'remove its projects too' }, FORCE],
    load: async () => (await workspace()).remove,
  },
];
