import { expect, test } from 'vitest';
import type { FileChange } from '../../../../src/contract/git-resources.ts';
import type { ReviewComment } from '../../../../src/contract/web-resources.ts';
import { type FileContent, NOT_LOADED } from '../change-loader.ts';
import { filterFiles, treeOf, treeRows } from '../tree.ts';
import { findIn, rangesOf } from './find.ts';
import { DiffParser } from './parse.ts';
import { type FileView, fileRows } from './rows.ts';

const change = (path: string, more: Partial<FileChange> = {}): FileChange => ({
  path,
  old_path: null,
  change: 'modified',
  binary: false,
  insertions: 2,
  deletions: 1,
  old_mode: null,
  new_mode: null,
  ...more,
});
const DIFF = 'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@ class A\n one\n-two two\n+two 2\n+more\n three\n';
function content(text = DIFF): FileContent {
  const parser = new DiffParser();
  parser.push(text);
  return { state: 'whole', diff: parser.files[0] ?? null, error: null };
}
const view = (more: Partial<FileView> = {}): FileView => ({
  file: change('f'),
  content: content(),
  folded: false,
  wanted: false,
  comments: [],
  writing: [],
  ...more,
});
const comment = (more: Partial<ReviewComment>): ReviewComment => ({
  id: 'c',
  run_id: 'r',
  path: 'f',
  side: 'new',
  line: 2,
  current_line: 2,
  line_text: '',
  body: 'b',
  state: 'open',
  by: 'me',
  commit: null,
  created_at: '',
  updated_at: '',
  sent_at: null,
  ...more,
});
const kinds = (...args: Parameters<typeof fileRows>) => fileRows(...args).map(({ kind }) => kind);

test('a file is its head, its hunks and lines, its end; folded only head and end', () => {
  expect(kinds(view(), 0, 'unified')).toEqual(['file', 'hunk', 'line', 'line', 'line', 'line', 'line', 'end']);
  expect(kinds(view(), 0, 'split')).toEqual(['file', 'hunk', 'pair', 'pair', 'pair', 'pair', 'end']);
  expect(kinds(view({ folded: true }), 0, 'split')).toEqual(['file', 'end']);
});

test('every row has a key of its own, and the same one in each life', () => {
  for (const layout of ['unified', 'split'] as const) {
    const make = () =>
      fileRows(
        view({ comments: [comment({}), comment({ id: 'd', side: 'old' })], writing: [{ path: 'f', side: 'new', line: 2 }] }),
        0,
        layout,
      );
    const keys = make().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(make().map(({ key }) => key)).toEqual(keys);
  }
});

test('comments stand below the line where it is now, on its side; what has no line stands on top', () => {
  const comments = [
    comment({ id: 'new', line: 9, current_line: 2 }),
    comment({ id: 'old', side: 'old', line: 2, current_line: 2 }),
    comment({ id: 'gone', current_line: null }),
    comment({ id: 'elsewhere', current_line: 900 }),
  ];
  for (const layout of ['unified', 'split'] as const) {
    const threads = fileRows(view({ comments, writing: [{ path: 'f', side: 'new', line: 2 }] }), 0, layout);
    const ids = threads.flatMap((row) =>
      row.kind === 'thread' ? [row.comments.map(({ id }) => id).join()] : row.kind === 'compose' ? ['write'] : [],
    );
    expect(ids, layout).toEqual(['gone,elsewhere', 'old', 'new', 'write']);
  }
  // An unchanged line is commented once, on its new side.
  const same = fileRows(view({ comments: [comment({ current_line: 1 }), comment({ id: 'x', side: 'old', current_line: 1 })] }), 0, 'split');
  expect(same.filter(({ kind }) => kind === 'thread')).toHaveLength(2);
});

test('what has no lines says why', () => {
  const note = (more: Partial<FileView>) => fileRows(view(more), 0, 'unified').flatMap((row) => (row.kind === 'note' ? [row.note] : []));
  const nothing: FileContent = { state: 'whole', diff: null, error: null };
  const zero = { insertions: 0, deletions: 0 };
  expect(note({ file: change('f', { binary: true, insertions: null, deletions: null }), content: nothing })).toEqual(['binary']);
  expect(note({ file: change('f', { change: 'renamed', old_path: 'g', ...zero }), content: nothing })).toEqual(['renamed']);
  expect(note({ file: change('f', { change: 'mode', ...zero }), content: NOT_LOADED })).toEqual(['mode']);
  expect(note({ file: change('f', { change: 'submodule' }), content: nothing })).toEqual(['submodule']);
  expect(note({ file: change('f', { change: 'added', ...zero }), content: nothing })).toEqual(['empty']);
  expect(note({ content: NOT_LOADED })).toEqual(['not_loaded']);
  expect(note({ content: { ...NOT_LOADED, state: 'failed' } })).toEqual(['failed']);
  expect(note({ file: change('f', { insertions: 9_000 }) })).toEqual(['large']);
  expect(note({ file: change('f', { insertions: 9_000 }), wanted: true })).toEqual([]);
});

test('text is found on both sides once, unchanged lines once', () => {
  const rows = fileRows(view(), 0, 'split');
  expect(findIn(rows, 'TWO').map(({ row, side, range }) => [rows[row]?.kind, side, ...range])).toEqual([
    ['pair', 'old', 0, 3],
    ['pair', 'old', 4, 7],
    ['pair', 'new', 0, 3],
  ]);
  expect(findIn(rows, 'one')).toHaveLength(1);
  expect(findIn(rows, '')).toEqual([]);
  // A letter that grows when it is made small would move every place behind it.
  expect(rangesOf('İİ x', 'x')).toEqual([]);
});

test('the tree draws folders with one folder in them as one line, folders first', () => {
  const files = ['CHANGELOG.md', 'src/server/routes/a.ts', 'src/server/routes/b.ts', '"caf\\351/x"', '__proto__/x', 'src/server/z.ts'].map(
    (path) => change(path),
  );
  const tree = treeOf(files);
  const draw = (closed: string[] = []) =>
    treeRows(tree, new Set(closed)).map(({ node, level }) => `${'  '.repeat(level)}${node.name}${node.kind === 'file' ? '' : '/'}`);
  expect(draw()).toEqual([
    'src/server/',
    '  routes/',
    '    a.ts',
    '    b.ts',
    '  z.ts',
    '__proto__/',
    '  x',
    'CHANGELOG.md',
    '"caf\\351/x"',
  ]);
  expect(draw(['src/server'])).toEqual(['src/server/', '__proto__/', '  x', 'CHANGELOG.md', '"caf\\351/x"']);
  expect([...filterFiles(files, 'ROUTES b')]).toEqual([2]);
});
