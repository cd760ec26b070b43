/** The folders of `$GLUON_HOME` and careful file work on them. */

export interface Home {
  readonly path: string;
  readonly worktrees: string;
  sessionFolder(runId: string): string;
  trustedFolder(runId: string): string;
  logFolder(runId: string): string;
  /** Free bytes of the file system. */
  freeBytes(): Promise<number>;
  /** Bytes below a path, links not followed, at most a bounded number of entries looked at. */
  bytesBelow(path: string): Promise<number>;
  /** Folders directly below `worktrees`, or below another root of working copies. */
  listWorktrees(root?: string): Promise<string[]>;
  /** False only when there is no such path; what cannot be looked at throws. */
  exists(path: string): Promise<boolean>;
  makeFolder(path: string): Promise<void>;
  /** Removes a folder of this home, links not followed; refuses anything outside. */
  removeFolder(path: string): Promise<void>;
  copyFolder(from: string, to: string): Promise<void>;
  /** Durable: folders are being made for a run that is not in the store yet. A start that finds the note without the run clears them. */
  noteUnfinished(runId: string): Promise<void>;
  clearUnfinished(runId: string): Promise<void>;
  unfinished(): Promise<string[]>;
  /** Reads a regular file that lies beneath `root` with no symbolic link on the way; null when there is none. */
  readBeneath(root: string, path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Folders below a workspace folder that hold a git repository, to a depth of 3. */
  findRepositories(path: string): Promise<string[]>;
  /** `~` and `${VAR}` understood; absolute, real path. Throws `path_not_found`. */
  resolvePath(path: string): Promise<string>;
  /** Last lines of the server log, parsed. */
  serverLog(lines: number): Promise<Record<string, unknown>[]>;
}
