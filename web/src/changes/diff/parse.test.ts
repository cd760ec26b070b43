import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiffParser } from './parse.ts';
import { nameOf } from './quoted-name.ts';

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', '-c', 'init.defaultBranch=main', ...args], { cwd: folder });
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-diff-'));
  git('init', '-q');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parsed(text: string, window = text.length + 1) {
  const parser = new DiffParser();
  const lines = text.split(/(?<=\n)/);
  for (let from = 0; from < lines.length; from += window) parser.push(lines.slice(from, from + window).join(''));
  return parser.files;
}

test('what git itself writes is read: names, kinds, numbers, lines that look like heads', () => {
  const many = Array.from({ length: 60 }, (_, index) => `line ${index}`).join('\n');
  writeFileSync(at('plain.txt'), `${many}\n`);
  writeFileSync(at('gone.txt'), '--- a/x\n+++ b/y\n@@ -1 +1 @@\n');
  writeFileSync(at('moved.txt'), `${many}\nmoved\n`);
  writeFileSync(at('mode.sh'), 'x\n');
  writeFileSync(at('kind'), 'was a file\n');
  writeFileSync(at('with blank.txt'), 'one\n');
  writeFileSync(at('end.txt'), 'no newline');
  git('add', '-A');
  git('commit', '-qm', 'one');
  writeFileSync(at('plain.txt'), `${many.replace('line 3\n', 'line three\n').replace('line 50', 'line fifty')}\n`);
  unlinkSync(at('gone.txt'));
  renameSync(at('moved.txt'), at('new name é.txt'));
  chmodSync(at('mode.sh'), 0o755);
  unlinkSync(at('kind'));
  symlinkSync('plain.txt', at('kind'));
  writeFileSync(at('with blank.txt'), 'two\n');
  writeFileSync(at('end.txt'), 'no newline still');
  writeFileSync(at('empty'), '');
  writeFileSync(at('-- dashes'), 'diff --git a/x b/x\n');
  writeFileSync(at('tab\there'), 'x\n');
  writeFileSync(at('"quoted"'), 'x\n');
  writeFileSync(at('x"><img src=x onerror=alert(1)>.html'), 'x\n');
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), 'x\n');
  writeFileSync(at('binary'), Uint8Array.from([0, 1, 2, 255]));
  git('add', '-A');
  git('commit', '-qm', 'two');
  const text = git('diff-tree', '-r', '-p', '-M', '--full-index', 'HEAD~', 'HEAD').toString();
  const files = parsed(text);
  expect(files.map(({ path }) => path).sort()).toEqual(
    [
      '-- dashes',
      '"\\"quoted\\""',
      'binary',
      '"caf\\351"',
      'empty',
      'end.txt',
      'gone.txt',
      'kind',
      'kind',
      'mode.sh',
      'new name é.txt',
      'plain.txt',
      'tab\there',
      'with blank.txt',
      'x"><img src=x onerror=alert(1)>.html',
    ].sort(),
  );
  const file = (path: string) => files.find((each) => each.path === path);
  expect(file('binary')).toMatchObject({ binary: true, hunks: [] });
  expect(file('gone.txt')?.hunks[0]?.lines.map(({ text }) => text)).toEqual(['--- a/x', '+++ b/y', '@@ -1 +1 @@']);
  const [first, second] = file('plain.txt')?.hunks ?? [];
  expect(first?.lines.find(({ kind }) => kind === 'del')).toEqual({ kind: 'del', old: 4, new: null, text: 'line 3' });
  expect(first?.lines.find(({ kind }) => kind === 'add')).toEqual({ kind: 'add', old: null, new: 4, text: 'line three' });
  expect(second?.lines.find(({ kind }) => kind === 'add')).toEqual({ kind: 'add', old: null, new: 51, text: 'line fifty' });
  expect(second?.lines.at(-1)).toMatchObject({ kind: 'same', old: 54, new: 54 });
  expect(file('end.txt')?.hunks[0]?.noNewline?.map(({ kind }) => kind)).toEqual(['del', 'add']);
  expect(file('plain.txt')?.blob).toBe(git('rev-parse', 'HEAD:plain.txt').toString().trim());
  for (const window of [1, 2, 7]) expect(parsed(text, window), String(window)).toEqual(files);
});

test('text that is no diff makes no file and ends nothing', () => {
  const junk = ['', '@@', '@@ -1 +1 @@', '+x', 'Binary files a and b differ', '\\ No newline at end of file', 'rename to', '--- ', '+++ '];
  expect(parsed(`${junk.join('\n')}\n`)).toEqual([]);
  const [file] = parsed(`diff --git a/x b/x\n${junk.join('\n')}\ndiff --git\n@@ -9999999999 +1 @@\n`);
  expect(file?.path).toBeTypeOf('string');
});

test('names: quoted, escaped, with the names of what every object has', () => {
  expect(nameOf('"a/\\303\\251\\t\\"\\\\"', 2)).toBe('é\t"\\');
  expect(nameOf('"caf\\351"')).toBe('"caf\\351"');
  expect(nameOf('"x\\constructor"')).toBe('xconstructor');
  expect(parsed('diff --git a/__proto__ b/__proto__\n')[0]?.path).toBe('__proto__');
});
