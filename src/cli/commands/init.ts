import { stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GluonError } from '../../contract/errors.ts';
import type { CommandCode } from '../command.ts';
import { oneLine } from '../terminal/format.ts';
import { printResult } from '../terminal/print.ts';

/** Every key is commented out: the file changes nothing until somebody edits and commits it. */
const STARTER = `# What Gluon needs to know about this repository. It is read from the base branch, never from an agent's branch:
# commit it there. Every key is optional.

# Run once in a new working copy, inside the sandbox.
# setup: npm ci
# Run before a working copy is removed, inside the sandbox.
# teardown: ./scripts/stop.sh

# Ignored files that are copied from your checkout; Gluon never commits them.
# copy:
#   - .env

# Environment of the agent and of the scripts.
# env:
#   LOG_LEVEL: debug

# TCP ports leased to each run, passed as GLUON_PORT_1, GLUON_PORT_2, ...
# ports: 2

# Branch that runs start from, and how their own branch is called.
# base_branch: main
# branch_template: gluon-task/{id8}

# What the sandbox may reach beside the model: none, packages, all, or names.
# egress: packages

# Commit what the agent left uncommitted.
# auto_commit: true

# Commands that check a change.
# verify: npm test
# lint: npm run lint
# test: npm test
# fix: npm run format

# Limits of one attempt.
# caps:
#   memory_mb: 4096
#   cpu_cores: 2
#   pids: 1024
#   file_mb: 2048
#   disk_mb: 10240
`;

/** Writes a starter .gluon.yml at the top of the repository that the person stands in. An existing file is never replaced. */
export const init: CommandCode = async (context) => {
  const top = await repositoryTop(context.io.cwd);
  if (top === null) throw new GluonError('not_a_repository', { path: context.io.cwd });
  const path = join(top, '.gluon.yml');
  try {
    await writeFile(path, STARTER, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new GluonError('file_exists', { path });
    throw error;
  }
  printResult(context, { path }, () => `Wrote ${oneLine(path)}. Edit it, commit it, then: gluon project add NAME ${oneLine(top)}\n`);
  return 0;
};

async function repositoryTop(from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}
