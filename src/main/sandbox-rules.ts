/** What of a home a sandbox may see. */
import type { PathRules } from '../core/sandbox/path-hazards.ts';

/** Nothing of these, ever. */
const PROTECTED = [
  ...['gluon.db', 'gluon.db-wal', 'gluon.db-shm', 'lock.db', 'lock.db-journal', 'lock.json', 'server.json'],
  ...['token', 'credentials.json', 'config.yml', 'push.json'],
  ...['backups', 'git', 'images', 'logs', 'run'],
];
/** Each run has a folder of its own in these, and its sandbox may see that one alone. */
const PER_RUN = ['sessions', 'trusted', 'sandbox'];

export function sandboxRules(home: string, userHome: string): PathRules {
  return {
    userHome,
    protectedPaths: PROTECTED.map((name) => `${home}/${name}`),
    neverWhole: [`${home}/worktrees`],
    perRun: PER_RUN.map((name) => `${home}/${name}`),
  };
}
