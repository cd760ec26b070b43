import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from '../../../src/adapters/git/cli/git.fixture.ts';
import { parseBranchName } from '../../../src/core/git/branch-name.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const HOSTILE = [
  ...[
    '-x',
    '--upload-pack=x',
    'a b',
    'a..b',
    'a.lock',
    'a/b.lock',
    'a/.b',
    '.a',
    'a.',
    '@',
    'a@{1}',
    '@{-1}',
    'HEAD',
    'refs/heads/x',
    'FETCH_HEAD',
  ],
  ...[
    'a\nb',
    'a\0b',
    'a~1',
    'a^',
    'a:b',
    'a?b',
    'a*b',
    'a[b',
    'a\\b',
    '/a',
    'a/',
    'a//b',
    '',
    'ａ',
    'ä',
    'a\u200b',
    '$(touch x)',
    '`x`',
    'a;b',
    'a|b',
    'a&b',
  ],
  ...[
    '0'.repeat(40),
    'f'.repeat(64),
    'x'.repeat(201),
    'a/-b',
    'a/..',
    '..',
    'a.LOCK/b',
    "a'b",
    'a"b',
    'a<b',
    'a>b',
    'a,b',
    'a=b',
    'a%b',
    'a#b',
    'a!b',
  ],
];

test('hostile names are refused', () => {
  expect(HOSTILE.filter((name) => parseBranchName(name) !== null)).toEqual([]);
});

test('ten thousand names: refused, or exactly the branch that git understands', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    'c',
    'x1',
    'Y',
    'q',
    'w',
    'task',
    'fix',
    'n',
    'm',
    '7',
    '42',
    'Z',
    '0',
    '_',
    '.',
    '-',
    '+',
    '/',
    '..',
    '.lock',
    '@{',
    '@',
    '~',
    '^',
    ':',
    ' ',
    '\n',
    '\\',
    '*',
    '?',
    '[',
    'refs/',
    'HEAD',
    'é',
    'ａ',
    '\u202e',
    '--x',
    '$',
    '`',
    ';',
  );
  const names = [
    ...HOSTILE,
    ...fc.sample(
      fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
      10_000,
    ),
  ];
  const accepted = [...new Set(names.filter((name) => parseBranchName(name) !== null))];
  expect(accepted.length).toBeGreaterThan(200);
  for (const name of accepted) expect(name).not.toMatch(/^-|\.\.|@|[^A-Za-z0-9._+/-]/);
  // Git checks the format of each while it verifies that none of them exists; each in a folder of its own, as some are folders of others.
  const zero = '0'.repeat(40);
  execFileSync('git', ['update-ref', '--stdin', '-z'], {
    cwd: world.project,
    input: accepted.map((name, index) => `verify refs/heads/${index}/${name}\0${zero}\0`).join(''),
  });
  for (const name of accepted.slice(0, 150)) {
    expect(execFileSync('git', ['check-ref-format', '--branch', name], { cwd: world.project, encoding: 'utf8' })).toBe(`${name}\n`);
  }
});

test.each(HOSTILE)('no operation takes %j as the branch of a run', async (branch) => {
  const spec = world.copySpec('run1', { branch });
  await expect(world.git.createWorkingCopy(spec)).rejects.toMatchObject({ code: 'branch_name_invalid' });
  await expect(world.git.deleteBranch(world.project, branch)).rejects.toMatchObject({ code: 'branch_name_invalid' });
  expect(world.sh('git for-each-ref --format="%(refname)"')).toBe('refs/heads/main');
});

test.each(['../x', 'a/b', '-x', '', 'x y', 'a\0', '.', 'a'.repeat(65)])('the run id %j never becomes a reference', async (runId) => {
  await expect(world.git.createWorkingCopy({ ...world.copySpec('run1'), runId })).rejects.toMatchObject({ code: 'run_not_found' });
});
