/** The change as one flat list of rows, each of which can be drawn alone: what the screen needs to show a window of it. */
import type { FileChange } from '../../../../src/contract/git-resources.ts';
import type { ReviewComment } from '../../../../src/contract/web-resources.ts';
import { type FileContent, LARGE_FILE_LINES } from '../change-loader.ts';
import { pairsOf } from './pairs.ts';
import type { DiffLine, Hunk } from './parse.ts';

export type Layout = 'split' | 'unified';
export type Side = 'old' | 'new';

/** A place where a comment can stand. */
export interface Anchor {
  readonly path: string;
  readonly side: Side;
  readonly line: number;
}

export type Note = 'binary' | 'renamed' | 'mode' | 'submodule' | 'empty' | 'large' | 'not_loaded' | 'loading' | 'failed' | 'part';

interface RowOf<K extends string> {
  readonly kind: K;
  /** The same as long as it is the same thing. */
  readonly key: string;
  /** Index of the file. */
  readonly file: number;
}
export type FileRow = RowOf<'file'>;
export type NoteRow = RowOf<'note'> & { readonly note: Note };
export type HunkRow = RowOf<'hunk'> & { readonly hunk: Hunk };
export type LineRow = RowOf<'line'> & { readonly hunk: Hunk; readonly line: DiffLine };
export type PairRow = RowOf<'pair'> & { readonly hunk: Hunk; readonly left: DiffLine | null; readonly right: DiffLine | null };
/** `anchor` null: the lines these comments are about are not shown. */
export type ThreadRow = RowOf<'thread'> & { readonly anchor: Anchor | null; readonly comments: readonly ReviewComment[] };
export type ComposeRow = RowOf<'compose'> & { readonly anchor: Anchor };
export type EndRow = RowOf<'end'>;
export type Row = FileRow | NoteRow | HunkRow | LineRow | PairRow | ThreadRow | ComposeRow | EndRow;

export interface FileView {
  readonly file: FileChange;
  readonly content: FileContent;
  readonly folded: boolean;
  /** A large file is shown only when somebody asks. */
  readonly wanted: boolean;
  /** Of this file. */
  readonly comments: readonly ReviewComment[];
  /** Lines at which somebody writes a comment. */
  readonly writing: readonly Anchor[];
}

function anchorKey({ side, line }: Anchor): string {
  return `${side}:${line}`;
}

/** Rows of one file, from its head to its end. */
export function fileRows(view: FileView, index: number, layout: Layout): Row[] {
  const { path } = view.file;
  const at = { file: index };
  const rows: Row[] = [{ ...at, kind: 'file', key: `${path}\0` }];
  if (!view.folded) {
    const [placed, loose] = placedComments(view);
    if (loose.length > 0) rows.push({ ...at, kind: 'thread', key: `${path}\0loose`, anchor: null, comments: loose });
    const note = noteOf(view);
    if (showsLines(view)) {
      for (const hunk of view.content.diff?.hunks ?? []) lineRows(rows, view, hunk, index, layout, placed);
    }
    if (note !== null) rows.push({ ...at, kind: 'note', key: `${path}\0note`, note });
  }
  rows.push({ ...at, kind: 'end', key: `${path}\0end` });
  return rows;
}

function lineRows(
  rows: Row[],
  { file: { path }, writing }: FileView,
  hunk: Hunk,
  file: number,
  layout: Layout,
  placed: ReadonlyMap<string, readonly ReviewComment[]>,
): void {
  const commented = placed.size > 0 || writing.length > 0;
  const below = (key: string, line: DiffLine | null) => {
    if (!commented || line === null) return;
    for (const side of ['old', 'new'] as const) {
      const number = side === 'old' ? line.old : line.new;
      // An unchanged line stands on both sides; what is said of it is said of the new one.
      if (number === null || (side === 'old' && line.kind === 'same')) continue;
      const anchor: Anchor = { path, side, line: number };
      const comments = placed.get(anchorKey(anchor));
      if (comments !== undefined) rows.push({ kind: 'thread', key: `${key}${side}thread`, file, anchor, comments });
      if (writing.some((each) => each.side === side && each.line === number)) {
        rows.push({ kind: 'compose', key: `${key}${side}compose`, file, anchor });
      }
    }
  };
  const start = `${path}\0${hunk.oldStart},${hunk.newStart}`;
  rows.push({ kind: 'hunk', key: `${start}@`, file, hunk });
  if (layout === 'unified') {
    for (const line of hunk.lines) {
      const key = `${path}\0${line.old ?? ''},${line.new ?? ''}`;
      rows.push({ kind: 'line', key, file, hunk, line });
      below(key, line);
    }
    return;
  }
  for (const { left, right } of pairsOf(hunk)) {
    const key = `${path}\0${left?.old ?? ''};${right?.new ?? ''}`;
    rows.push({ kind: 'pair', key, file, hunk, left, right });
    if (left !== right) below(`${key}l`, left);
    below(key, right);
  }
}

/** Comments by the line where they are now, and those whose line is not shown. */
function placedComments(view: FileView): [Map<string, ReviewComment[]>, ReviewComment[]] {
  const placed = new Map<string, ReviewComment[]>();
  const loose: ReviewComment[] = [];
  if (view.comments.length === 0) return [placed, loose];
  const shown = new Set<string>();
  if (showsLines(view)) {
    for (const { lines } of view.content.diff?.hunks ?? []) {
      for (const line of lines) {
        if (line.kind === 'del') shown.add(`old:${line.old}`);
        else shown.add(`new:${line.new}`);
      }
    }
  }
  for (const comment of view.comments) {
    const key = comment.current_line === null ? '' : anchorKey({ path: '', side: comment.side, line: comment.current_line });
    if (shown.has(key)) placed.set(key, [...(placed.get(key) ?? []), comment]);
    else loose.push(comment);
  }
  return [placed, loose];
}

function isLarge({ insertions, deletions }: FileChange): boolean {
  return (insertions ?? 0) + (deletions ?? 0) > LARGE_FILE_LINES;
}

function showsLines({ file, wanted }: FileView): boolean {
  return wanted || !isLarge(file);
}

/** What stands in place of lines, or below them. */
export function noteOf(view: FileView): Note | null {
  const { file, content } = view;
  if (file.binary || content.diff?.binary === true) return 'binary';
  if (!showsLines(view)) return 'large';
  if (content.state === 'loading') return 'loading';
  if (content.state === 'failed') return 'failed';
  if (content.state === 'part') return 'part';
  if (content.state === 'none') return hasNoLines(file) ? wordless(file) : 'not_loaded';
  return (content.diff?.hunks.length ?? 0) > 0 ? null : wordless(file);
}

function hasNoLines({ insertions, deletions }: FileChange): boolean {
  return insertions === 0 && deletions === 0;
}

function wordless({ change, old_path }: FileChange): Note {
  if (change === 'submodule') return 'submodule';
  if (change === 'mode') return 'mode';
  return old_path === null ? 'empty' : 'renamed';
}
