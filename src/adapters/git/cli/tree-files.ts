/** Files of a commit, read from the object store: the project file, the trusted agent configuration, listings. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { GluonError } from '../../../contract/errors.ts';
import { type ProjectFile, ProjectFileSchema } from '../../../contract/project-file.ts';
import { pathToText } from '../../../core/git/path-text.ts';
import { isSafeRelativePath } from '../../../core/git/safe-path.ts';
import { checkedSha } from './commit-names.ts';
import { splitNul } from './git-exec.ts';
import type { GitContext, Repository } from './repository.ts';

/** Up to `limit` paths that begin with `prefix`, in order. */
export async function listFiles(
  context: GitContext,
  projectPath: string,
  commit: string,
  prefix: string,
  limit: number,
): Promise<string[]> {
  const repository = await context.open(projectPath);
  const found: string[] = [];
  let rest = Buffer.alloc(0);
  await context.git.bytes({
    ...repository.content,
    args: ['ls-tree', '-r', '-z', '--name-only', '--full-tree', checkedSha(commit)],
    onOutput: (chunk) => {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(0);
      rest = Buffer.from(bytes.subarray(end + 1));
      for (const record of splitNul(bytes.subarray(0, end + 1))) {
        const path = pathToText(record);
        if (path.startsWith(prefix) && found.length < limit) found.push(path);
      }
      return found.length < limit ? 'more' : 'stop';
    },
  });
  return found;
}

interface TreeEntry {
  path: string;
  mode: string;
  sha: string;
  bytes: number;
}

/** Entries of a commit at or below these paths. */
async function entries(context: GitContext, repository: Repository, commit: string, paths: readonly string[]): Promise<TreeEntry[]> {
  const records = await context.git.records({
    ...repository.content,
    args: ['ls-tree', '-r', '-z', '--long', '--full-tree', checkedSha(commit), '--', ...paths],
  });
  return records.flatMap((record) => {
    const [, mode = '', sha = '', size = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(record.toString('utf8')) ?? [];
    return path === '' ? [] : [{ path, mode, sha, bytes: Number(size) || 0 }];
  });
}

const isRegular = (entry: TreeEntry) => entry.mode === '100644' || entry.mode === '100755';

/** A page of settings; larger is a mistake or an attack. */
const MAX_PROJECT_FILE_BYTES = 256 * 1024;

const REMEMBERED = 200;

/** As `projectFile`; what a commit holds never changes, so the last ones that were read are kept. */
export function rememberedProjectFiles(context: GitContext): (projectPath: string, commit: string) => Promise<ProjectFile | null> {
  const known = new Map<string, ProjectFile | null>();
  return async (projectPath, commit) => {
    const key = `${projectPath}\0${commit}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const file = await projectFile(context, projectPath, commit);
    known.set(key, file);
    for (const oldest of known.keys()) if (known.size > REMEMBERED) known.delete(oldest);
    return file;
  };
}

/** `.gluon.yml` at that commit; null when there is none. Throws `project_file_invalid`. */
export async function projectFile(context: GitContext, projectPath: string, commit: string): Promise<ProjectFile | null> {
  const repository = await context.open(projectPath);
  const entry = (await entries(context, repository, commit, ['.gluon.yml'])).find(({ path }) => path === '.gluon.yml');
  if (entry === undefined) return null;
  const invalid = (why: string, cause?: unknown) => new GluonError('project_file_invalid', { why }, { cause });
  if (!isRegular(entry)) throw invalid('it is not a regular file');
  if (entry.bytes > MAX_PROJECT_FILE_BYTES) throw invalid(`it has ${entry.bytes} bytes`);
  const text = (await context.git.bytes({ ...repository.content, args: ['cat-file', 'blob', entry.sha] })).toString('utf8');
  let value: unknown;
  try {
    // Few aliases: a small file must not unfold to a large one.
    value = parse(text, { maxAliasCount: 50, schema: 'core' }) ?? {};
  } catch (error) {
    throw invalid(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not YAML', error);
  }
  const result = ProjectFileSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'not as expected'}`);
}

const TRUSTED = ['.claude', 'CLAUDE.md', '.mcp.json', 'AGENTS.md'];
const MAX_CONFIG_FILES = 2000;
const MAX_REMEMBERED_ENTRIES = 100;
const MAX_CONFIG_BYTES = 20 * 1024 * 1024;

export type ExportTrusted = (projectPath: string, commit: string, into: string) => Promise<void>;

/**
 * Replaces the folder `into` by the agent configuration of that commit; regular files only, read-only. What a commit holds never changes,
 * so the last listings are kept.
 */
export function trustedConfigExport(context: GitContext): ExportTrusted {
  const known = new Map<string, TreeEntry[]>();
  return async (projectPath, commit, into) => {
    const repository = await context.open(projectPath);
    const key = `${repository.objects}\0${commit}`;
    const listed = known.get(key) ?? (await entries(context, repository, commit, TRUSTED));
    // A long list is not worth its place.
    if (listed.length <= MAX_REMEMBERED_ENTRIES) known.set(key, listed);
    for (const oldest of known.keys()) if (known.size > REMEMBERED) known.delete(oldest);
    await exportEntries(context, repository, listed, into);
  };
}

async function exportEntries(context: GitContext, repository: Repository, listed: readonly TreeEntry[], into: string): Promise<void> {
  const wanted = listed.filter((entry) => isRegular(entry) && isSafeRelativePath(entry.path));
  const bytes = wanted.reduce((sum, entry) => sum + entry.bytes, 0);
  if (wanted.length > MAX_CONFIG_FILES || bytes > MAX_CONFIG_BYTES) {
    throw new GluonError('working_copy_failed', {
      why: `the agent configuration of the base commit is too large (${wanted.length} files, ${bytes} bytes)`,
    });
  }
  const building = `${into}.new`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true, mode: 0o755 });
  const contents = await blobs(context, repository, wanted);
  for (const [index, entry] of wanted.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    await mkdir(dirname(join(building, entry.path)), { recursive: true });
    // `wx`: two names that a file system takes for one do not write over each other.
    await writeFile(join(building, entry.path), content, { mode: entry.mode === '100755' ? 0o555 : 0o444, flag: 'wx' });
  }
  await rm(into, { recursive: true, force: true });
  await rename(building, into);
}

/** As `Git.textFiles`. */
export async function textFiles(
  context: GitContext,
  projectPath: string,
  commit: string,
  folders: readonly string[],
  limits: { suffix: string; most: number; maxBytes: number },
): Promise<{ path: string; text: string }[]> {
  const repository = await context.open(projectPath);
  const fits = (entry: TreeEntry) => isRegular(entry) && entry.path.endsWith(limits.suffix) && entry.bytes <= limits.maxBytes;
  const wanted = (await entries(context, repository, commit, folders)).filter(fits).slice(0, limits.most);
  const contents = await blobs(context, repository, wanted);
  return wanted.map(({ path }, index) => ({ path, text: (contents[index] ?? Buffer.alloc(0)).toString('utf8') }));
}

/** The contents of these entries, by one process. Output of `cat-file --batch`: `SHA TYPE SIZE`, a line feed, the bytes, a line feed. */
async function blobs(context: GitContext, repository: Repository, wanted: readonly TreeEntry[]): Promise<Buffer[]> {
  if (wanted.length === 0) return [];
  const output = await context.git.bytes({
    ...repository.content,
    args: ['cat-file', '--batch'],
    input: wanted.map(({ sha }) => `${sha}\n`).join(''),
    maxOutputBytes: 2 * MAX_CONFIG_BYTES,
  });
  let at = 0;
  return wanted.map(({ sha, bytes }) => {
    const from = output.indexOf(10, at) + 1;
    if (output.toString('latin1', at, from) !== `${sha} blob ${bytes}\n`) {
      throw new GluonError('git_failed', { command: 'cat-file', why: `the object ${sha} could not be read` });
    }
    at = from + bytes + 1;
    return output.subarray(from, from + bytes);
  });
}
