import type { CommandDeclaration, OptionDeclaration } from '../command.ts';
import { CURSOR, LIMIT, PROJECT } from './options.ts';

const network = () => import('../commands/network.ts');
const settings = () => import('../commands/settings.ts');
const upkeep = () => import('../commands/upkeep.ts');
const DRY_RUN: OptionDeclaration = { flags: '-n, --dry-run', summary: 'only say what would go' };
const FOR_PROJECT: OptionDeclaration = { flags: '--project', summary: 'for the whole project of the run' };

export const OPERATE: readonly CommandDeclaration[] = [
  {
    path: 'usage',
    summary: 'Money and tokens.',
    options: [
      { flags: '--by <what>', summary: 'how to add up', choices: ['project', 'model', 'day', 'run'] },
      PROJECT,
      { flags: '--since <time>', summary: 'from this time on (ISO 8601)', kind: 'text' },
      { flags: '--until <time>', summary: 'before this time', kind: 'text' },
      LIMIT,
    ],
    load: async () => (await import('../commands/usage.ts')).usage,
  },
  { path: 'egress show', args: '<run>', summary: 'What a run may reach, and what was refused.', load: async () => (await network()).show },
  {
    path: 'egress allow',
    args: '<run> <host>',
    summary: 'Allow a name, at once.',
    options: [FOR_PROJECT],
    load: async () => (await network()).allow,
  },
  {
    path: 'egress deny',
    args: '<run> <host>',
    summary: 'Take a name off the list.',
    options: [FOR_PROJECT],
    load: async () => (await network()).deny,
  },
  { path: 'settings list', summary: 'All settings and where they come from.', load: async () => (await settings()).list },
  { path: 'settings get', args: '<key>', summary: 'One setting.', load: async () => (await settings()).get },
  {
    path: 'settings set',
    args: '<key> <values...>',
    summary: 'Set a setting in config.yml.',
    notes: 'The value is read as JSON where it is JSON, else as text. A list: several values, or one with commas.',
    load: async () => (await settings()).set,
  },
  { path: 'settings unset', args: '<key>', summary: 'Take a setting out of config.yml.', load: async () => (await settings()).unset },
  {
    path: 'activity',
    summary: 'What happened, newest first.',
    options: [
      PROJECT,
      { flags: '--type <event>', summary: 'only this kind of event', kind: 'text' },
      { flags: '--actor <actor>', summary: 'only by this actor', kind: 'text' },
      LIMIT,
      CURSOR,
    ],
    load: async () => (await upkeep()).activity,
  },
  {
    path: 'notify test',
    summary: 'Send a notification to the browsers that asked for them.',
    load: async () => (await import('../commands/web.ts')).testNotifications,
  },
  { path: 'stats', summary: 'Disk use of the home.', load: async () => (await upkeep()).stats },
  {
    path: 'cleanup',
    summary: 'Remove what is old; work is rescued first.',
    options: [DRY_RUN, { flags: '-f, --force', summary: 'do not ask' }],
    load: async () => (await upkeep()).cleanup,
  },
  { path: 'worktree list', summary: 'Working copies on disk.', load: async () => (await upkeep()).worktrees },
  {
    path: 'worktree gc',
    summary: 'Remove working copies that are merged, expired or orphaned; work is rescued first.',
    options: [DRY_RUN],
    load: async () => (await upkeep()).collectWorktrees,
  },
];
