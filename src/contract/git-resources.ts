/** What the API shows of repositories: commits, changes, branches. */
import { z } from 'zod';
import { Timestamp } from './timestamp.ts';

export const CommitSchema = z.object({
  sha: z.string(),
  parents: z.array(z.string()),
  author: z.string(),
  email: z.string(),
  at: Timestamp,
  subject: z.string(),
  body: z.string(),
  files_changed: z.number().int().optional(),
  insertions: z.number().int().optional(),
  deletions: z.number().int().optional(),
});
export type Commit = z.infer<typeof CommitSchema>;

export const FILE_CHANGE_KINDS = ['added', 'modified', 'deleted', 'renamed', 'copied', 'mode', 'type', 'submodule'] as const;
export const FileChangeSchema = z.object({
  path: z.string(),
  old_path: z.string().nullable(),
  change: z.enum(FILE_CHANGE_KINDS),
  binary: z.boolean(),
  /** Null for binary files. */
  insertions: z.number().int().nullable(),
  deletions: z.number().int().nullable(),
  old_mode: z.string().nullable(),
  new_mode: z.string().nullable(),
});
export type FileChange = z.infer<typeof FileChangeSchema>;

/** A window of a unified diff: whole lines, from line `offset` (0-based). */
export const DiffSchema = z.object({
  from: z.string(),
  to: z.string(),
  text: z.string(),
  offset: z.number().int(),
  lines: z.number().int(),
  total_lines: z.number().int().nullable(),
  next_offset: z.number().int().nullable(),
});
export type Diff = z.infer<typeof DiffSchema>;

export const GitStatusSchema = z.object({
  project: z.string(),
  branch: z.string().nullable(),
  head: z.string().nullable(),
  detached: z.boolean(),
  remote: z.string().nullable(),
  upstream: z.string().nullable(),
  ahead: z.number().int().nullable(),
  behind: z.number().int().nullable(),
  uncommitted: z.number().int(),
  fetched_at: Timestamp.nullable(),
});
export type GitStatus = z.infer<typeof GitStatusSchema>;

export const BranchSchema = z.object({
  name: z.string(),
  commit: z.string(),
  at: Timestamp,
  subject: z.string(),
  current: z.boolean(),
  /** The run that made it, if one did. */
  run_id: z.string().nullable(),
  merged: z.boolean(),
});
export type Branch = z.infer<typeof BranchSchema>;

export const MergeResultSchema = z.object({
  run_id: z.string(),
  base: z.string(),
  /** The commit that the base branch has now. */
  commit: z.string(),
  /** What became of the person's own checkout. */
  checkout: z.enum(['updated', 'left_alone', 'other_branch']),
  sentence: z.string(),
});
export type MergeResult = z.infer<typeof MergeResultSchema>;
