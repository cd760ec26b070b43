/** Files in the order of the tree, each with what is known and open of it. */
import { useCallback, useMemo, useState } from 'react';
import type { FileChange } from '../../../src/contract/git-resources.ts';
import type { ReviewComment } from '../../../src/contract/web-resources.ts';
import { type Change, type FileContent, NOT_LOADED } from './change-loader.ts';
import type { Anchor, FileView } from './diff/rows.ts';
import { type TreeNode, treeOf } from './tree.ts';
import { Viewed } from './viewed.ts';

export interface Views {
  readonly tree: readonly TreeNode[];
  /** In the order of the tree; `TreeFile.index` counts in this list. */
  readonly files: readonly FileChange[];
  readonly views: readonly FileView[];
  readonly viewed: ReadonlySet<string>;
  readonly fold: (paths: readonly string[], folded: boolean) => void;
  readonly want: (path: string) => void;
  /** Marks a file as looked at, which folds it. */
  readonly view: (path: string, viewed: boolean) => void;
}

/** Its turn has not come yet. */
const COMING: FileContent = { ...NOT_LOADED, state: 'loading' };
const NO_COMMENTS: readonly ReviewComment[] = [];
const NO_ANCHORS: readonly Anchor[] = [];

export function useViews(run: string, change: Change, comments: readonly ReviewComment[], writing: readonly Anchor[]): Views {
  const marks = useMemo(() => new Viewed(localStorage, run), [run]);
  const [markVersion, setMarkVersion] = useState(0);
  /** Only what somebody folded or unfolded; the rest follows the marks. */
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());

  const { tree, files } = useMemo(() => ordered(change.files), [change.files]);
  const byPath = useMemo(() => grouped(comments), [comments]);
  const writingByPath = useMemo(() => grouped(writing), [writing]);
  const blobOf = useCallback((path: string) => change.contents.get(path)?.diff?.blob ?? null, [change.contents]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the marks are kept outside; their version says when they changed
  const viewed = useMemo(
    () => new Set(files.filter(({ path }) => marks.has(path, change.to, blobOf(path))).map(({ path }) => path)),
    [files, marks, markVersion, change.to, blobOf],
  );
  const views = useMemo(
    () =>
      files.map((file): FileView => {
        const { path } = file;
        return {
          file,
          content: change.contents.get(path) ?? (change.settled ? NOT_LOADED : COMING),
          folded: folds.get(path) ?? viewed.has(path),
          wanted: wanted.has(path),
          comments: byPath.get(path) ?? NO_COMMENTS,
          writing: writingByPath.get(path) ?? NO_ANCHORS,
        };
      }),
    [files, change.contents, change.settled, folds, viewed, wanted, byPath, writingByPath],
  );

  const fold = useCallback(
    (paths: readonly string[], folded: boolean) => setFolds((now) => new Map([...now, ...paths.map((path) => [path, folded] as const)])),
    [],
  );
  return {
    tree,
    files,
    views,
    viewed,
    fold,
    want: useCallback((path) => setWanted((now) => new Set([...now, path])), []),
    view: useCallback(
      (path, on) => {
        marks.set(path, on, change.to, blobOf);
        setMarkVersion((now) => now + 1);
        fold([path], on);
      },
      [marks, change.to, blobOf, fold],
    ),
  };
}

/** The list in the order in which the tree draws it: going on from file to file never jumps. */
function ordered(listed: readonly FileChange[]): { tree: readonly TreeNode[]; files: readonly FileChange[] } {
  const order: FileChange[] = [];
  const place = (nodes: readonly TreeNode[]): TreeNode[] =>
    nodes.map((node) => {
      if (node.kind === 'folder') return { ...node, children: place(node.children) };
      const file = listed[node.index];
      if (file === undefined) throw new Error('the tree is made of these files');
      return { ...node, index: order.push(file) - 1 };
    });
  return { tree: place(treeOf(listed)), files: order };
}

function grouped<T extends { readonly path: string }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(items, ({ path }) => path);
}
