/** Changed files as a tree: folders with one folder in them are drawn as one line. */
import type { FileChange } from '../../../src/contract/git-resources.ts';

export interface TreeFolder {
  readonly kind: 'folder';
  /** With its parents. */
  readonly path: string;
  /** What is shown: `server/routes` when `server` holds nothing else. */
  readonly name: string;
  readonly children: readonly TreeNode[];
}
export interface TreeFile {
  readonly kind: 'file';
  readonly name: string;
  /** Index in the list of changed files. */
  readonly index: number;
}
export type TreeNode = TreeFolder | TreeFile;

export interface TreeRow {
  readonly node: TreeNode;
  /** 0 for what stands at the top. */
  readonly level: number;
  readonly open: boolean;
  /** Place among its siblings, from 1. */
  readonly position: number;
  readonly siblings: number;
}

interface Building {
  readonly folders: Map<string, Building>;
  readonly files: TreeFile[];
}

export function treeOf(files: readonly FileChange[]): readonly TreeNode[] {
  const root: Building = { folders: new Map(), files: [] };
  files.forEach(({ path }, index) => {
    const parts = partsOf(path);
    let here = root;
    for (const part of parts.slice(0, -1)) {
      const next = here.folders.get(part) ?? { folders: new Map(), files: [] };
      here.folders.set(part, next);
      here = next;
    }
    here.files.push({ kind: 'file', name: parts.at(-1) ?? path, index });
  });
  return built(root, '');
}

/** A name that is not UTF-8 comes quoted as a whole: it is not taken apart. */
function partsOf(path: string): string[] {
  return path.startsWith('"') ? [path] : path.split('/');
}

function built({ folders, files }: Building, above: string): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (const [name, inner] of folders) {
    let [path, shown, content] = [above + name, name, inner];
    for (let only = onlyFolder(content); only !== null; only = onlyFolder(content)) {
      path = `${path}/${only[0]}`;
      shown = `${shown}/${only[0]}`;
      content = only[1];
    }
    nodes.push({ kind: 'folder', path, name: shown, children: built(content, `${path}/`) });
  }
  return [...nodes, ...files];
}

function onlyFolder({ folders, files }: Building): [string, Building] | null {
  if (files.length > 0 || folders.size !== 1) return null;
  return folders.entries().next().value ?? null;
}

/** The lines that are seen: what lies in a closed folder is left out. */
export function treeRows(nodes: readonly TreeNode[], closed: ReadonlySet<string>, level = 0): TreeRow[] {
  return nodes.flatMap((node, index) => {
    const open = node.kind === 'folder' && !closed.has(node.path);
    const row: TreeRow = { node, level, open, position: index + 1, siblings: nodes.length };
    return node.kind === 'folder' && open ? [row, ...treeRows(node.children, closed, level + 1)] : [row];
  });
}

/** Files whose path has all the words, in any order. */
export function filterFiles(files: readonly FileChange[], words: string): ReadonlySet<number> {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set<number>();
  files.forEach(({ path, old_path }, index) => {
    const text = `${path} ${old_path ?? ''}`.toLowerCase();
    if (wanted.every((word) => text.includes(word))) found.add(index);
  });
  return found;
}
