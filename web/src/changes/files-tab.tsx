import type { Run } from '../../../src/contract/resources.ts';

export interface FilesTabProps {
  readonly run: Run;
  /** Path of the file to begin with, and who is told when the person goes to another. */
  readonly file?: string;
  readonly onFile?: (path: string) => void;
}

/** The change of a run: tree, diff, comments. Fills its parent, which gives it a height. */
export function FilesTab({ run }: FilesTabProps) {
  return <p>{run.files_changed} files</p>;
}
