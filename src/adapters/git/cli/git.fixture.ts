/** Real repositories in temporary folders, and a plain sandbox in which what is planted in a working copy can do no harm. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Git, RunConfined, WorkingCopySpec } from '../../../ports/git.ts';
import type { ConfinedEnd } from '../../../ports/sandbox.ts';
import { collect } from '../../process/collect.ts';
import { systemClock } from '../../system/clock.ts';
import { silentLog } from '../../system/log.ts';
import { gitCli } from './git-cli.ts';

const ENV = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.org',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.org',
};

export interface World {
  folder: string;
  home: string;
  project: string;
  worktrees: string;
  git: Git;
  confined: RunConfined;
  /** Plain git in the project, as the person would run it. */
  sh(script: string, cwd?: string): string;
  /** A shell inside the sandbox, as the agent would run it. */
  agent(script: string, workingCopy: string): Promise<string>;
  write(path: string, text: string | Uint8Array): void;
  copySpec(runId: string, changes?: Partial<WorkingCopySpec>): WorkingCopySpec;
  remove(): void;
}

/** A project with one commit of `files`. */
export function makeWorld(files: Record<string, string> = { 'a.txt': 'one\n', 'dir/b.txt': 'two\n' }): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gluon-git-')));
  const [home, project, worktrees] = [join(folder, 'home'), join(folder, 'project'), join(folder, 'worktrees')];
  for (const path of [home, project, worktrees]) mkdirSync(path);
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Ann\n\temail = ann@example.org\n[init]\n\tdefaultBranch = main\n');
  const env = { ...ENV, HOME: home };
  const sh = (script: string, cwd = project) =>
    execFileSync('/bin/sh', ['-ec', script], { cwd, env, encoding: 'utf8', stdio: 'pipe', timeout: 20_000 }).trim();
  const write = (path: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  sh('git init -q -b main . && git add -A && git commit -q --allow-empty -m "First commit"');
  const git = gitCli({
    clock: systemClock(),
    log: silentLog(),
    environment: { PATH: ENV.PATH, HOME: home },
    stateFolder: join(folder, 'state'),
  });
  const confined = confinedIn(worktrees);
  return {
    folder,
    home,
    project,
    worktrees,
    git,
    confined,
    sh,
    write,
    agent: async (script, workingCopy) => {
      const end = await confined({ command: '/bin/sh', args: ['-ec', script], env: ENV, cwd: workingCopy, offline: true });
      if (end.exitCode !== 0) throw new Error(`agent failed: ${end.stderr}`);
      return Buffer.from(end.stdout).toString('utf8').trim();
    },
    copySpec: (runId, changes = {}) => {
      const head = sh('git rev-parse HEAD');
      const path = join(worktrees, `wt-${runId}`);
      return { runId, projectPath: project, path, branch: `gluon-task/${runId}`, commit: head, baseCommit: head, copy: [], ...changes };
    },
    remove: () => {
      execFileSync('chmod', ['-R', 'u+rwX', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Everything is readable, only the working copy writable, no network. */
export function confinedIn(writable: string): RunConfined {
  return async (command) => {
    const profile = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--bind', writable, writable];
    const walls = ['--unshare-all', '--die-with-parent', '--new-session', '--chdir', command.cwd];
    const child = spawn('bwrap', [...profile, ...walls, '--', command.command, ...command.args], {
      env: { PATH: ENV.PATH, HOME: '/nonexistent', TMPDIR: '/dev/shm', ...command.env },
      timeout: command.timeoutMs ?? 60_000,
    });
    const ended = new Promise<ConfinedEnd>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal, exceeded: null }));
    });
    child.stdin.on('error', () => {
      // The command ended before it read everything; its end says what happened.
    });
    if (command.input !== undefined) child.stdin.end(command.input);
    const { stdin, stdout, stderr } = child;
    return collect({ stdin, stdout, stderr, ended }, command, async () => void child.kill('SIGKILL'));
  };
}
