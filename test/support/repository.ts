/** Sample repositories for tests. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './gluon.ts';

const run = promisify(execFile);

export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, {
    cwd,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: cwd,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 'test@localhost',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 'test@localhost',
    },
  });
  return stdout.trim();
}

export async function writeFiles(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** A repository with one commit on `main`. */
export async function sampleRepository(
  files: Record<string, string> = { 'README.md': '# Sample\n', 'src/app.txt': 'one\ntwo\nthree\n' },
): Promise<string> {
  const path = await temporaryFolder('project');
  await git(path, 'init', '--quiet', '--initial-branch=main');
  await git(path, 'config', 'user.name', 'Test');
  await git(path, 'config', 'user.email', 'test@localhost');
  await commitFiles(path, files, 'First commit');
  return path;
}

export async function commitFiles(path: string, files: Record<string, string>, message: string): Promise<string> {
  await writeFiles(path, files);
  await git(path, 'add', '--all');
  await git(path, 'commit', '--quiet', '--message', message);
  return git(path, 'rev-parse', 'HEAD');
}
