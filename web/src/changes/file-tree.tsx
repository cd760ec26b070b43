/** The changed files as a tree: what happened to each, what was looked at, where somebody commented. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, FolderClosed, FolderOpen, MessageSquareText, Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FileChange } from '../../../src/contract/git-resources.ts';
import { cx } from '../ui/class-names.ts';
import { Glyph } from '../ui/glyph.tsx';
import { tip } from '../ui/tooltip.tsx';
import { useMedia } from '../ui/use-media.ts';
import { ChangeLetter } from './change-letter.tsx';
import { Figures } from './diff/file-head.tsx';
import { visibleName } from './diff/visible-text.ts';
import { filterFiles, type TreeNode, type TreeRow, treeRows } from './tree.ts';

interface FileTreeProps {
  readonly tree: readonly TreeNode[];
  readonly files: readonly FileChange[];
  readonly viewed: ReadonlySet<string>;
  /** Open comments by path. */
  readonly comments: ReadonlyMap<string, number>;
  /** Index of the file that is shown. */
  readonly current: number;
  readonly filterRef: RefObject<HTMLInputElement | null>;
  readonly onFile: (index: number) => void;
}

const ROW_PX = 26;
const TOUCH_ROW_PX = 44;

export function FileTree({ tree, files, viewed, comments, current, filterRef, onFile }: FileTreeProps) {
  const [words, setWords] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  const coarse = useMedia('(pointer: coarse)');
  const rows = useMemo(() => shownRows(tree, files, words, closed), [tree, files, words, closed]);
  /** Where the keyboard stands; the file that is shown unless somebody moved on. */
  const [focused, setFocused] = useState<number | null>(null);
  const selected = rows.findIndex(({ node }) => node.kind === 'file' && node.index === current);
  const stop = Math.min(focused ?? Math.max(0, selected), rows.length - 1);
  const px = coarse ? TOUCH_ROW_PX : ROW_PX;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(() => px, [px]),
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size is what has to be measured again
  useEffect(() => virtual.measure(), [px, virtual]);
  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' });
  }, [selected, virtual]);

  function toggle(path: string): void {
    setClosed((now) => {
      const next = new Set(now);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  }
  function act({ node }: TreeRow): void {
    if (node.kind === 'folder') toggle(node.path);
    else onFile(node.index);
  }
  function move(to: number): void {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setFocused(index);
    virtual.scrollToIndex(index, { align: 'auto' });
    // Drawn only once it is in view.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  }
  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[stop];
    if (row === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    const { node } = row;
    if (event.key === 'ArrowDown') move(stop + 1);
    else if (event.key === 'ArrowUp') move(stop - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(rows.length - 1);
    else if (event.key === 'ArrowRight' && node.kind === 'folder' && !row.open) toggle(node.path);
    else if (event.key === 'ArrowRight' && node.kind === 'folder') move(stop + 1);
    else if (event.key === 'ArrowLeft' && node.kind === 'folder' && row.open) toggle(node.path);
    else if (event.key === 'ArrowLeft') move(rows.findLastIndex(({ level }, index) => index < stop && level < row.level));
    else if (event.key === 'Enter' || event.key === ' ') act(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <label className="flex h-7 flex-none items-center gap-2 rounded-md bg-sunken px-2.5 text-small shadow-[inset_0_0_0_1px_var(--border)] pointer-coarse:h-11">
        <Search size={13} strokeWidth={1.75} aria-hidden className="flex-none text-fg-3" />
        <span className="sr">Filter the files</span>
        <input
          ref={filterRef}
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          placeholder={files.length === 1 ? 'Filter 1 file' : `Filter ${files.length} files`}
          className="min-w-0 flex-1 bg-transparent"
        />
        <kbd className="max-phone:hidden pointer-coarse:hidden">T</kbd>
      </label>
      {rows.length === 0 && <p className="px-1.5 text-small text-fg-3">No file has these words in its path.</p>}
      <div ref={scroller} className="-mx-1 min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-1">
        <div
          role="tree"
          aria-label="Changed files"
          onKeyDown={onKeyDown}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
          tabIndex={-1}
        >
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const isFile = row.node.kind === 'file';
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree above answers keys
              <div
                key={row.node.kind === 'file' ? row.node.index : row.node.path}
                data-index={index}
                role="treeitem"
                aria-level={row.level + 1}
                aria-posinset={row.position}
                aria-setsize={row.siblings}
                aria-selected={isFile && index === selected}
                aria-expanded={isFile ? undefined : row.open}
                tabIndex={index === stop ? 0 : -1}
                onClick={() => {
                  setFocused(index);
                  act(row);
                }}
                className="tree-row absolute inset-x-0 top-0 cursor-pointer"
                style={{ transform: `translateY(${start}px)`, paddingInlineStart: 6 + Math.min(row.level, 12) * 14 }}
              >
                <Node row={row} files={files} viewed={viewed} comments={comments} />
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

function Node({
  row: { node, open },
  files,
  viewed,
  comments,
}: Pick<FileTreeProps, 'files' | 'viewed' | 'comments'> & { readonly row: TreeRow }) {
  const name = visibleName(node.name);
  if (node.kind === 'folder') {
    const [Chevron, Folder] = open ? [ChevronDown, FolderOpen] : [ChevronRight, FolderClosed];
    return (
      <>
        <Chevron size={12} strokeWidth={1.75} aria-hidden className="flex-none" />
        <Folder size={14} strokeWidth={1.75} aria-hidden className="flex-none" />
        <bdi className="min-w-0 truncate" {...tip(name)}>
          {name}
        </bdi>
      </>
    );
  }
  const file = files[node.index];
  if (file === undefined) return null;
  const seen = viewed.has(file.path);
  const said = comments.get(file.path) ?? 0;
  return (
    <>
      {seen ? (
        <span className="grid w-3 flex-none place-items-center">
          <Glyph name="completed" size={12} />
          <span className="sr">Viewed</span>
        </span>
      ) : (
        <ChangeLetter change={file.change} />
      )}
      <bdi className={cx('min-w-0 truncate', seen && 'text-fg-3')} {...tip(visibleName(file.path))}>
        {name}
      </bdi>
      <span className="ml-auto flex flex-none items-center gap-1.5 text-micro font-regular">
        {said > 0 && (
          <span className="num inline-flex items-center gap-0.5 font-semibold text-accent-fg">
            <MessageSquareText size={11} strokeWidth={1.75} aria-hidden />
            {said}
            <span className="sr">{said === 1 ? 'comment' : 'comments'}</span>
          </span>
        )}
        <Figures file={file} />
      </span>
    </>
  );
}

/** While somebody filters, every folder is open. */
function shownRows(tree: readonly TreeNode[], files: readonly FileChange[], words: string, closed: ReadonlySet<string>): TreeRow[] {
  if (words.trim() === '') return treeRows(tree, closed);
  const wanted = filterFiles(files, words);
  const kept = (nodes: readonly TreeNode[]): TreeNode[] =>
    nodes.flatMap((node): TreeNode[] => {
      if (node.kind === 'file') return wanted.has(node.index) ? [node] : [];
      const children = kept(node.children);
      return children.length === 0 ? [] : [{ ...node, children }];
    });
  return treeRows(kept(tree), new Set());
}
