/** Draws one row of a change by its kind. */
import { memo, useMemo } from 'react';
import type { FileChange } from '../../../../src/contract/git-resources.ts';
import { cx } from '../../ui/class-names.ts';
import { languageOfPath } from '../../ui/highlight/languages.ts';
import { draftKey } from '../comment-drafts.ts';
import type { Comments } from '../use-comments.ts';
import type { Writing } from '../use-writing.ts';
import { ComposeBox } from './compose-box.tsx';
import { copy, FileHead } from './file-head.tsx';
import type { Found } from './find.ts';
import { SplitLine, UnifiedLine } from './line-row.tsx';
import { NoteRow } from './note-row.tsx';
import type { Anchor, ComposeRow, FileRow, FileView, HunkRow, Layout, LineRow, PairRow, Row, Side } from './rows.ts';
import { Thread } from './thread.tsx';
import { visibleName } from './visible-text.ts';

export interface DiffRowProps {
  readonly row: Row;
  readonly view: FileView | undefined;
  readonly viewed: boolean;
  readonly layout: Layout;
  /** A phone: one column of numbers. */
  readonly one: boolean;
  readonly says: readonly Side[];
  readonly found: readonly Found[] | undefined;
  readonly foundNow: Found | undefined;
  readonly active: Side | null;
  readonly hovered: Side | null;
  readonly whole: boolean;
  readonly comments: Comments;
  readonly writing: Writing;
  readonly files: readonly FileChange[];
  readonly onSay: (anchor: Anchor) => void;
  readonly onActive: (key: string, side: Side) => void;
  readonly onWhole: (key: string) => void;
  readonly onFold: (paths: readonly string[], folded: boolean) => void;
  readonly onWant: (path: string) => void;
  readonly onView: (path: string, viewed: boolean) => void;
  readonly onLoad: (path: string) => void;
}

/** Classes of the row itself: a line is drawn without another box in it. */
export function rowClass(row: Row, one: boolean): string {
  if (row.kind === 'end') return 'dr';
  if (row.kind === 'pair') return 'dr dr-body diff-line split';
  return row.kind === 'line' ? cx('dr dr-body diff-line uni', one && 'one') : 'dr dr-body';
}

export const DiffRow = memo(function DiffRow(props: DiffRowProps) {
  const { row, view } = props;
  if (view === undefined) return null;
  const { path } = view.file;
  switch (row.kind) {
    case 'file':
      return <Head {...props} row={row} view={view} />;
    case 'end':
      return <div className="file-end" />;
    case 'hunk':
      return <HunkLine row={row} />;
    case 'line':
    case 'pair':
      return <Line {...props} row={row} path={path} />;
    case 'note':
      return <NoteRow note={row.note} view={view} onLoad={() => props.onLoad(path)} onWanted={() => props.onWant(path)} />;
    case 'thread':
      return (
        <Thread
          items={row.comments}
          loose={row.anchor === null}
          right={props.layout === 'split' && row.anchor?.side === 'new'}
          comments={props.comments}
          writing={props.writing}
          mayWrite={props.says.length > 0}
        />
      );
    case 'compose':
      return <Compose {...props} row={row} view={view} />;
    default:
      return row satisfies never;
  }
});

function Head({ view, viewed, files, onFold, onView }: DiffRowProps & { readonly row: FileRow; readonly view: FileView }) {
  const { file, folded, comments } = view;
  const { path } = file;
  const all = () => files.map((each) => each.path);
  return (
    <FileHead
      file={file}
      folded={folded}
      viewed={viewed}
      comments={comments.length}
      onFold={() => onFold([path], !folded)}
      onViewed={(on) => onView(path, on)}
      menu={() => [
        { label: 'Copy the path', run: () => copy(path) },
        'line',
        { label: 'Fold all files', run: () => onFold(all(), true) },
        { label: 'Unfold all files', run: () => onFold(all(), false) },
      ]}
    />
  );
}

const HunkLine = memo(function HunkLine({ row: { hunk } }: { readonly row: HunkRow }) {
  return (
    <div className="hunk-line">
      <span className="flex-none">Line {hunk.newStart || hunk.oldStart}</span>
      <span className="min-w-0 truncate text-fg-2">{visibleName(hunk.heading.replaceAll('\t', ' '))}</span>
    </div>
  );
});

function Line({
  row,
  path,
  one,
  onSay,
  onActive,
  onWhole,
  ...view
}: DiffRowProps & { readonly row: LineRow | PairRow; readonly path: string }) {
  const { key } = row;
  const language = useMemo(() => languageOfPath(path), [path]);
  const foundNow = useMemo(
    () => (view.foundNow === undefined ? null : { side: view.foundNow.side, at: view.foundNow.range[0] }),
    [view.foundNow],
  );
  const actions = useMemo(
    () => ({
      onSay: (side: Side, line: number) => onSay({ path, side, line }),
      onActive: (side: Side) => onActive(key, side),
      onWhole: () => onWhole(key),
    }),
    [path, key, onSay, onActive, onWhole],
  );
  const shared = {
    language,
    found: view.found ?? NOTHING,
    foundNow,
    active: view.active,
    hovered: view.hovered,
    whole: view.whole,
    says: view.says,
    ...actions,
  };
  return row.kind === 'line' ? <UnifiedLine row={row} one={one} {...shared} /> : <SplitLine row={row} {...shared} />;
}

const NOTHING: readonly Found[] = [];

function Compose({
  row: { anchor },
  view,
  layout,
  comments,
  writing,
}: DiffRowProps & { readonly row: ComposeRow; readonly view: FileView }) {
  return (
    <div className={layout === 'split' && anchor.side === 'new' ? 'diff-thread right' : 'diff-thread'}>
      <ComposeBox
        label={`Comment on ${anchor.side === 'old' ? 'old line' : 'line'} ${anchor.line} of ${visibleName(anchor.path)}`}
        action="Add comment"
        text={writing.drafts.get(draftKey(anchor))?.text ?? ''}
        onText={(text) => writing.change(anchor, text)}
        onCancel={() => writing.close(anchor)}
        takesFocus={() => writing.takesFocus(anchor)}
        onSave={async (text) => {
          await comments.add(anchor, lineText(view, anchor), text);
          writing.close(anchor);
        }}
      />
    </div>
  );
}

/** What stands on the line now: by it the server tells later whether the line is still the same. */
function lineText({ content }: FileView, { side, line }: Anchor): string {
  for (const hunk of content.diff?.hunks ?? []) {
    const found = hunk.lines.find((each) => (side === 'old' ? each.old : each.new) === line);
    if (found !== undefined) return found.text;
  }
  return '';
}
