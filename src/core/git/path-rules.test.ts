import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathMatcher } from './path-pattern.ts';
import { pathspecOf, pathToText, textToPath } from './path-text.ts';
import { isAllowedRemoteUrl, withoutCredentials } from './remote-url.ts';
import { isSafeRelativePath, isStorablePath } from './safe-path.ts';
import { leftOutOfCommits } from './secret-paths.ts';

test('every path of bytes becomes text and comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(textToPath(pathToText(bytes))).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(textToPath(pathToText(Buffer.from(text)))).toEqual(new Uint8Array(Buffer.from(text)));
    }),
  );
});

test('different bytes never become the same text', () => {
  expect(pathToText(Buffer.from([0x63, 0xff]))).toBe('"c\\377"');
  expect(pathToText(Buffer.from('"c\\377"'))).not.toBe('"c\\377"');
});

test('a pathspec has no magic of the name in it', () => {
  expect(pathspecOf(Buffer.from(':(exclude)*[a]?'))).toBe(':(top,glob):(exclude)\\*\\[a\\]\\?');
  expect(pathspecOf(Uint8Array.from([0x61, 0xff]))).toBe(':(top,glob)a?');
});

test.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../b',
  'a//b',
  './a',
  'a/.',
  'a/..',
  '.git/config',
  'a/.GIT/x',
  '.git ',
  '.git.',
  'git~1',
  '.g\u200cit',
  'a\0b',
  'a\\..\\b',
  `${'x'.repeat(5000)}`,
])('the path %j is refused', (path) => {
  expect(isSafeRelativePath(path)).toBe(false);
});
test.each(['a', 'a/b.c', '.gitignore', '.github/x', 'a b/ü', '...', '.gitmodules', 'git'])('the path %j is fine', (path) => {
  expect(isSafeRelativePath(path)).toBe(true);
});
test.each([
  ['a\\b', true],
  ['.git/x', false],
  ['x/.Git/y', false],
  ['git~1', false],
])('whether %j can be kept: %s', (path, kept) => {
  expect(isStorablePath(path)).toBe(kept);
});

test.each([
  ['.env', ['.env', 'a/.env', '.ENV', '.env/x'], ['x.env', '.env2']],
  ['/only', ['only', 'only/x'], ['a/only']],
  ['a/*.txt', ['a/b.txt'], ['a/b/c.txt', 'x/a/b.txt']],
  ['a/**/z', ['a/z', 'a/b/c/z'], ['z', 'b/a/z']],
  ['**/build', ['build', 'x/y/build', 'build/x'], ['rebuild']],
  ['dir/', ['dir/x', 'y/dir/x'], ['dirx']],
  ['f?o', ['foo', 'a/f1o'], ['fo', 'fooo']],
  ['**', ['anything/at/all'], []],
])('the pattern %s', (pattern, yes, no) => {
  const matches = pathMatcher([pattern]);
  for (const path of yes) expect(matches(path), path).toBe(true);
  for (const path of no) expect(matches(path), path).toBe(false);
});

test('no pattern takes long', () => {
  const matches = pathMatcher([`${'*a'.repeat(200)}b`, `${'**/a/'.repeat(90)}b`]);
  const started = performance.now();
  expect(matches(`${'a'.repeat(3000)}/${'a/'.repeat(500)}c`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});

test('secrets and copied files are left out of commits, templates are not', () => {
  const leftOut = leftOutOfCommits(['fixtures/*.bin']);
  const names = [
    '.env',
    'a/.env.local',
    'prod.env',
    'k.PEM',
    '.ssh/config',
    'fixtures/x.bin',
    '.env.example',
    'a/.env.sample',
    'src/key.ts',
    'environment.ts',
  ];
  expect(names.filter(leftOut)).toEqual(['.env', 'a/.env.local', 'prod.env', 'k.PEM', '.ssh/config', 'fixtures/x.bin']);
});

test('addresses that git may use', () => {
  const good = [
    'https://example.org/a.git',
    'https://u:p@example.org:8443/a',
    'ssh://git@example.org/a',
    'git@example.org:a/b.git',
    'host:path',
    '/srv/git/a',
    'file:///srv/a',
  ];
  const bad = [
    '',
    'ext::sh -c x',
    'EXT::x',
    'fd::1',
    'http://x/y',
    'git://x/y',
    '-x',
    'ssh://-oProxyCommand=x/y',
    'ssh://u@-x/y',
    'https://a b/c',
    'https://a/\n',
    '-u:x',
    'host:-x',
    'file://host/x',
  ];
  expect(good.filter((url) => !isAllowedRemoteUrl(url))).toEqual([]);
  expect(bad.filter(isAllowedRemoteUrl)).toEqual([]);
  expect(withoutCredentials('failed: https://user:secret@example.org/x and ssh://u@h/y')).toBe(
    'failed: https://example.org/x and ssh://h/y',
  );
});
