/** The part of the probe that is about git: a project on the host whose objects, and nothing else, are lent to a private clone inside. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox, SandboxSpec } from '../../../ports/sandbox.ts';

export interface ProbedProject {
  path: string;
  /** Its only commit; empty when git could not make one. */
  commit: string;
  /** Of everything in its `.git`. */
  fingerprint: string;
}

const AS_PROBE = 'git -c user.name=probe -c user.email=probe@localhost';
const MAKE_PROJECT = `git init -q -b main . && echo one > file && git add -A && ${AS_PROBE} commit -q -m one && git rev-parse HEAD`;

/** Run by a shell inside; `$5` is the project, `$6` its commit. */
export const COMMIT_SCRIPT = `exec 2>&1
git init -q -b work clone && cd clone && echo "$5/.git/objects" > .git/objects/info/alternates && git reset -q --hard "$6" &&
echo two > added && git add -A && ${AS_PROBE} commit -q -m two && git gc -q --auto && git rev-list --count HEAD`;

/** Prints what it can see of the project's own repository, and tries to change all of it. */
export const MEDDLE_SCRIPT = `exec 2>/dev/null
g="$5/.git"
for part in config HEAD index hooks refs logs packed-refs; do ls -d "$g/$part"; done
echo planted >> "$g/config"; echo planted > "$g/HEAD"
mkdir -p "$g/hooks" && echo planted > "$g/hooks/post-commit"
mkdir -p "$g/refs/heads" && echo planted > "$g/refs/heads/main"
touch "$g/objects/planted"; rm -rf "$g/objects"/*; mv "$g/objects" "$g/gone"; mv "$5" "$5-gone"; rm -rf "$5"`;

/** Made inside a sandbox of its own, so that the git of the host is not asked to trust anything. */
export async function prepareProject(sandbox: Sandbox, spec: SandboxSpec, path: string): Promise<ProbedProject> {
  await mkdir(join(path, '.git', 'objects'), { recursive: true, mode: 0o700 });
  const confinement = await sandbox.open({ ...spec, workingCopy: path });
  try {
    const made = await confinement.run({ command: '/bin/sh', args: ['-c', MAKE_PROJECT], env: {}, cwd: path, timeoutMs: 10_000 });
    const commit = made.exitCode === 0 ? Buffer.from(made.stdout).toString('utf8').trim() : '';
    return { path, commit, fingerprint: await fingerprint(path) };
  } finally {
    await confinement.close(0);
  }
}

/** The project's `.git` is byte for byte what it was. */
export async function isUntouched(project: ProbedProject): Promise<boolean> {
  return project.commit !== '' && (await fingerprint(project.path)) === project.fingerprint;
}

async function fingerprint(path: string): Promise<string> {
  const hash = createHash('sha256');
  const root = join(path, '.git');
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const file of entries.map((entry) => ({ name: join(entry.parentPath, entry.name), isFile: entry.isFile() })).sort(byName))
    hash.update(`${file.name}\0`).update(file.isFile ? await readFile(file.name) : '');
  return hash.digest('hex');
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
