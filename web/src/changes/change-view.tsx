/** A change as a person reviews it: tree, diff, search, comments. */
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { Problem } from '../ui/problem.tsx';
import './changes.css';
import { DiffList, type DiffListHandle } from './diff/diff-list.tsx';
import { DiffRow, rowClass } from './diff/diff-row.tsx';
import { type Anchor, noteOf, type Row, type Side } from './diff/rows.ts';
import { FileTree } from './file-tree.tsx';
import { FindBar } from './find-bar.tsx';
import { Toolbar } from './toolbar.tsx';
import { TreeDrawer } from './tree-drawer.tsx';
import type { ShownChange } from './use-change.ts';
import type { Comments } from './use-comments.ts';
import { useCursor } from './use-cursor.ts';
import { useFind } from './use-find.ts';
import { oneNumber, useLayout } from './use-layout.ts';
import { useRows } from './use-rows.ts';
import { useViews } from './use-views.ts';
import type { Writing } from './use-writing.ts';

interface ChangeViewProps {
  readonly run: Run;
  readonly shown: ShownChange;
  readonly comments: Comments;
  readonly writing: Writing;
  /** Sides on which comments can be written. */
  readonly says: readonly Side[];
  readonly file?: string | undefined;
  readonly onFile?: ((path: string) => void) | undefined;
  /** Left side of the toolbar. */
  readonly scope: ReactNode;
  /** Below the toolbar: what the person should know. */
  readonly notice?: ReactNode;
  /** Instead of the diff, where there is none. */
  readonly instead: ReactNode;
}

export function ChangeView({ run, shown, comments, writing, says, file, onFile, scope, notice, instead }: ChangeViewProps) {
  const { change, loadFile } = shown;
  const { box, width, narrow, layout, splits, setLayout, gutter } = useLayout();
  const anchors = useMemo<readonly Anchor[]>(() => (says.length === 0 ? [] : [...writing.drafts.values()]), [writing.drafts, says]);
  const { tree, files, views, viewed, fold, want, view } = useViews(run.id, change, comments.all, anchors);
  const { rows, heads } = useRows(views, layout);
  const list = useRef<DiffListHandle>(null);
  const filter = useRef<HTMLInputElement>(null);
  const [drawer, setDrawer] = useState(false);
  const [wholeLines, setWholeLines] = useState<ReadonlySet<string>>(new Set());
  const onWhole = useCallback((key: string) => setWholeLines((now) => new Set([...now, key])), []);

  const [top, setTop] = useState(0);
  /** The file that somebody went to: it stays the current one, also where the list ends before it reaches the top. */
  const [pinned, setPinned] = useState<number | null>(null);
  const current = pinned ?? top;
  const headsNow = useRef(heads);
  headsNow.current = heads;
  const goTo = useCallback((index: number) => {
    const head = headsNow.current[index];
    if (head === undefined) return;
    setPinned(index);
    list.current?.show(head, 'start');
  }, []);
  const goToFile = useCallback(
    (index: number) => {
      goTo(index);
      const path = files[index]?.path;
      if (path !== undefined) onFile?.(path);
    },
    [goTo, files, onFile],
  );
  useStartFile(file, files, goTo);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever rows come, the file somebody went to stays at the top
  useLayoutEffect(() => {
    const head = pinned === null ? undefined : heads[pinned];
    if (head !== undefined) list.current?.show(head, 'start');
  }, [rows]);
  const wanted = pinned === null ? undefined : views[pinned];
  const wantedNote = wanted === undefined ? undefined : noteOf(wanted);
  const wantedPath = wanted?.file.path;
  useEffect(() => {
    if (wantedNote === 'not_loaded' && wantedPath !== undefined) loadFile(wantedPath);
  }, [wantedNote, wantedPath, loadFile]);
  const unpin = useCallback(() => setPinned(null), []);

  const find = useFind(
    rows,
    useCallback((row: number) => list.current?.show(row, 'center'), []),
  );
  const cursor = useCursor(
    rows,
    list,
    useCallback(() => headsNow.current[current] ?? 0, [current]),
  );
  const { open: openDraft } = writing;
  const say = useCallback((anchor: Anchor) => openDraft(anchor), [openDraft]);

  function toggleViewed(): void {
    const path = files[current]?.path;
    if (path === undefined) return;
    view(path, !viewed.has(path));
  }
  const there = files.length > 0;
  useShortcuts('Changes', [
    { keys: ']', label: 'Next file', when: () => there, run: () => goToFile(Math.min(files.length - 1, current + 1)) },
    { keys: '[', label: 'Previous file', when: () => there, run: () => goToFile(Math.max(0, current - 1)) },
    { keys: 'v', label: 'File viewed', when: () => there, run: toggleViewed },
    { keys: 't', label: 'Filter the files', when: () => there, run: () => (narrow ? setDrawer(true) : filter.current?.focus()) },
    { keys: '/', label: 'Search in the diff', when: () => there, run: () => find.setOpen(true) },
    { keys: 'j', label: 'Next line', repeat: true, when: () => there, run: () => cursor.move(1) },
    { keys: 'k', label: 'Previous line', repeat: true, when: () => there, run: () => cursor.move(-1) },
    { keys: 'h', label: 'Old side of the line', when: () => layout === 'split' && cursor.key !== null, run: () => cursor.turn('old') },
    { keys: 'l', label: 'New side of the line', when: () => layout === 'split' && cursor.key !== null, run: () => cursor.turn('new') },
    { keys: 'c', label: 'Comment on the line', when: () => there && says.length > 0, run: () => clickSay(list.current) },
    { keys: 'escape', when: () => find.open, run: () => find.setOpen(false) },
  ]);

  const onShown = useCallback(
    (visible: readonly Row[]) => {
      let loading = [...change.contents.values()].filter(({ state }) => state === 'loading').length;
      for (const row of visible) {
        if (row.kind !== 'note' || row.note !== 'not_loaded' || loading >= 2) continue;
        loadFile(views[row.file]?.file.path ?? '');
        loading += 1;
      }
    },
    [change.contents, loadFile, views],
  );

  const openComments = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { path } of comments.open) counts.set(path, (counts.get(path) ?? 0) + 1);
    return counts;
  }, [comments.open]);

  const treeShown = (
    <FileTree
      tree={tree}
      files={files}
      viewed={viewed}
      comments={openComments}
      current={current}
      filterRef={filter}
      onFile={(index) => {
        goToFile(index);
        setDrawer(false);
      }}
    />
  );
  return (
    <div ref={box} className={narrow || !there ? 'changes narrow' : 'changes'}>
      {there && !narrow && (
        <aside aria-label="Changed files" className="flex min-h-0 flex-col gap-2 border-r border-line-subtle px-2 py-2.5">
          {treeShown}
        </aside>
      )}
      <section
        aria-label="Changes"
        aria-busy={!change.settled}
        className={narrow ? 'in-narrow flex min-h-0 min-w-0 flex-col' : 'flex min-h-0 min-w-0 flex-col'}
      >
        <Toolbar
          onTree={there && narrow ? () => setDrawer(true) : null}
          files={files.length}
          viewed={viewed.size}
          layout={layout}
          splits={splits && there}
          onLayout={setLayout}
          onFind={() => find.setOpen(true)}
        >
          {scope}
        </Toolbar>
        {notice}
        {change.state === 'listed' && change.error !== null && (
          <div className="p-3">
            <Problem title="Not all of the change could be read" error={change.error} onRetry={shown.reload} />
          </div>
        )}
        {find.open && <FindBar find={find} settled={change.settled} />}
        {instead ?? (
          <DiffList
            handle={list}
            rows={rows}
            heads={heads}
            width={width}
            layout={layout}
            gutter={gutter}
            onCurrent={setTop}
            onMoved={unpin}
            onShown={onShown}
            classOf={(row) => rowClass(row, oneNumber(width))}
            draw={(row, index, hovered) => (
              <DiffRow
                row={row}
                view={views[row.file]}
                viewed={viewed.has(views[row.file]?.file.path ?? '')}
                layout={layout}
                one={oneNumber(width)}
                says={says}
                found={find.byRow.get(index)}
                foundNow={find.found[find.now]?.row === index ? find.found[find.now] : undefined}
                hovered={hovered}
                active={cursor.key === row.key ? cursor.side : null}
                whole={wholeLines.has(row.key)}
                comments={comments}
                writing={writing}
                onSay={say}
                onActive={cursor.set}
                onWhole={onWhole}
                onFold={fold}
                onWant={want}
                onView={view}
                onLoad={loadFile}
                files={files}
              />
            )}
          />
        )}
      </section>
      {drawer && narrow && <TreeDrawer onClose={() => setDrawer(false)}>{treeShown}</TreeDrawer>}
    </div>
  );
}

/** The button of the line where the keyboard stands, or of the one under the pointer. */
function clickSay(list: DiffListHandle | null): void {
  const element = list?.element();
  (element?.querySelector<HTMLElement>('.diff-half.active .say') ?? element?.querySelector<HTMLElement>('.diff-half:hover .say'))?.click();
}

/** Goes to the file of the address once its change is there; later only when the address itself changes. */
function useStartFile(file: string | undefined, files: readonly { readonly path: string }[], goTo: (index: number) => void): void {
  const gone = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (file === gone.current || files.length === 0) return;
    gone.current = file;
    const index = files.findIndex(({ path }) => path === file);
    if (index >= 0) goTo(index);
  }, [file, files, goTo]);
}
