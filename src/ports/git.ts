/**
 * Git as Gluon uses it. Two kinds of repository: the project (a person's own, trusted, never switched, cleaned or committed to
 * except by an explicit merge, sync or push) and working copies (agent-writable, in which the host never runs plain git).
 */

import type { Branch, Commit, Diff, FileChange } from '../contract/git-resources.ts';
import type { ProjectFile } from '../contract/project-file.ts';
import type { ConfinedCommand } from './sandbox.ts';

export interface RepositoryFacts {
  /** Top of the checkout. */
  path: string;
  /** Common git dir. */
  gitDir: string;
  branch: string | null;
  head: string;
  detached: boolean;
  remote: string | null;
  hasSubmodules: boolean;
  usesLfs: boolean;
}

export interface WorkingCopySpec {
  runId: string;
  /** Project checkout. */
  projectPath: string;
  path: string;
  branch: string;
  /** Commit to check out: the base, or the run's head when a copy is made again. */
  commit: string;
  /** Kept alive as refs/gluon/base/<run>. */
  baseCommit: string;
  /** Ignored files to copy from the person's checkout (patterns of `.gluon.yml`). */
  copy: string[];
}

export interface WorkingCopy {
  path: string;
  /** Object folders outside the copy that it borrows from; a sandbox mounts them read-only. */
  borrowedObjects: string[];
}

export interface ImportResult {
  head: string;
  autoCommitted: boolean;
  /** Sentences for the person: what was left out or could not be done in the usual way. */
  notices?: string[];
}

/** Runs a command inside the sandbox of the run and gives its output; the only way git touches a live working copy. */
export type RunConfined = (command: ConfinedCommand) => Promise<{ exitCode: number | null; stdout: Uint8Array; stderr: string }>;

export interface ImportSpec {
  runId: string;
  projectPath: string;
  workingCopy: string;
  branch: string;
  /** The run's head before, or its base. */
  since: string;
  /** Commit leftovers first, with this message; patterns that must not be committed by us. */
  autoCommit: { message: string; exclude: string[] } | null;
  /** Limits on what is taken: bytes of the pack, number of objects. */
  maxBytes: number;
  maxObjects: number;
}

/** An import whose process waits in the sandbox, and ends with it when it is not used. */
export interface PreparedImport {
  /** Nobody writes in the working copy any more: it may be looked at. */
  look(): void;
  /** Brings the work home. */
  take(): Promise<ImportResult>;
}

export type MergeOutcome =
  | { kind: 'merged'; commit: string; checkout: 'updated' | 'left_alone' | 'other_branch'; sentence: string }
  | { kind: 'conflict'; files: string[] }
  | { kind: 'nothing' }
  | { kind: 'base_moved' };

export interface Git {
  version(): Promise<string>;
  /** Throws the catalogue's error for anything that Gluon does not work with: no repository, empty, bare, shallow, partial. */
  inspect(path: string): Promise<RepositoryFacts>;
  /** The branch that the checkout shows; null when detached. Throws `repository_missing`. */
  checkedOutBranch(projectPath: string): Promise<string | null>;
  /** Commit of a branch, tag or commit name in the project; throws `base_not_found`. */
  resolveCommit(projectPath: string, name: string, projectName: string): Promise<string>;
  /** Snapshot commit of the person's dirty state, made without touching index or files; the head when clean. */
  snapshotUncommitted(projectPath: string): Promise<string>;
  branchExists(projectPath: string, branch: string): Promise<boolean>;
  /** `.gluon.yml` at that commit; null when there is none; throws `project_file_invalid`. */
  projectFile(projectPath: string, commit: string): Promise<ProjectFile | null>;
  /**
   * Writes the agent configuration that the base commit carries (`.claude`, `CLAUDE.md`, `.mcp.json`, `AGENTS.md`) into a folder
   * outside the agent's reach; regular files only, no links.
   */
  exportTrustedConfig(projectPath: string, commit: string, into: string): Promise<void>;

  /** Makes the private clone, or makes it again from `commit`. All or nothing: on failure no folder and no ref is left. */
  createWorkingCopy(spec: WorkingCopySpec): Promise<WorkingCopy>;
  describeWorkingCopy(projectPath: string, path: string): Promise<WorkingCopy>;
  importWork(spec: ImportSpec, confined: RunConfined): Promise<ImportResult>;
  /** The same in two steps, so that the sandbox starts while the agent still ends. Gives at once. */
  prepareImport(spec: ImportSpec, confined: RunConfined): PreparedImport;
  /**
   * Puts everything in the working copy (commits, uncommitted, untracked, ignored files too) under refs/gluon/rescue/<run>. Nothing
   * may be removed before this returned.
   */
  rescue(
    spec: { runId: string; projectPath: string; workingCopy: string; maxBytes: number },
    confined: RunConfined,
  ): Promise<{ ref: string; commit: string }>;
  /** Removes a folder below `root` without following links. */
  removeWorkingCopy(root: string, path: string): Promise<void>;
  /** At a start, for a root that is this home's alone: takes away what a crash left half-made or half-removed there. */
  sweepWorkingCopies(root: string): Promise<void>;
  /** At a start: brings to its end what a crash left half-done in a project; sentences on what that was. */
  mend(projectPath: string): Promise<string[]>;
  /** Keeps a commit alive for a run (refs/gluon/base/<run>) before there is a working copy. */
  holdBase(projectPath: string, runId: string, commit: string): Promise<void>;
  /** Runs of which only that reference is there. */
  heldBases(projectPath: string): Promise<string[]>;
  /** Brings back a rescued working copy; throws `nothing_to_undelete`. */
  undelete(spec: WorkingCopySpec): Promise<WorkingCopy>;
  rescueRefs(projectPath: string): Promise<{ runId: string; commit: string; at: string }[]>;
  deleteRunRefs(projectPath: string, runId: string, kinds: ('base' | 'runs' | 'rescue')[]): Promise<void>;

  commits(projectPath: string, from: string, to: string, limit: number): Promise<Commit[]>;
  /** How many `commits` would give without a limit. */
  countCommits(projectPath: string, from: string, to: string): Promise<number>;
  commit(projectPath: string, sha: string): Promise<Commit>;
  isAncestor(projectPath: string, ancestor: string, descendant: string): Promise<boolean>;
  mergeBase(projectPath: string, a: string, b: string): Promise<string | null>;
  changes(projectPath: string, from: string, to: string): Promise<FileChange[]>;
  diff(projectPath: string, from: string, to: string, options: { path?: string; offset: number; limit: number }): Promise<Diff>;
  listFiles(projectPath: string, commit: string, prefix: string, limit: number): Promise<string[]>;
  /** Regular files of a commit below these folders whose names end so; those that are larger are left out. */
  textFiles(
    projectPath: string,
    commit: string,
    folders: string[],
    limits: { suffix: string; most: number; maxBytes: number },
  ): Promise<{ path: string; text: string }[]>;

  /** Merges `head` into `base` by merge-tree and compare-and-swap; the person's checkout follows only when clean and on that branch. */
  mergeIntoBase(spec: { projectPath: string; base: string; head: string; message: string; projectName: string }): Promise<MergeOutcome>;

  status(projectPath: string): Promise<{
    branch: string | null;
    head: string | null;
    detached: boolean;
    remote: string | null;
    upstream: string | null;
    ahead: number | null;
    behind: number | null;
    uncommitted: number;
  }>;
  fetch(projectPath: string): Promise<void>;
  /** Fast-forward only. Throws `checkout_dirty`, `git_diverged`, `no_remote`. */
  sync(projectPath: string, projectName: string): Promise<void>;
  push(projectPath: string, branch: string, projectName: string): Promise<{ branch: string; remote: string; commit: string }>;
  branches(projectPath: string, options: { prefix: string | null; limit: number }): Promise<Omit<Branch, 'run_id'>[]>;
  renameBranch(projectPath: string, from: string, to: string): Promise<void>;
  deleteBranch(projectPath: string, name: string): Promise<void>;
}
