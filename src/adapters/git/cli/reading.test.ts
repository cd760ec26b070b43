import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lineWindow } from './diff.ts';
import { makeWorld, type World } from './git.fixture.ts';

let world: World;
let base: string;
beforeEach(() => {
  world = makeWorld();
  base = world.sh('git rev-parse HEAD');
});
afterEach(() => world.remove());

const commitAll = (message = 'change') => world.sh(`git add -A && git commit -qm '${message}' && git rev-parse HEAD`);

test('changes name added, deleted, renamed, binary, mode, type and submodule entries', async () => {
  world.write('long.txt', Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join(''));
  world.write('run.sh', 'x\n');
  world.write('kind', 'x\n');
  const from = commitAll();
  world.sh('git mv long.txt moved.txt && git rm -q dir/b.txt && chmod +x run.sh && rm kind && ln -s a.txt kind');
  world.write('binary', Uint8Array.from([0, 1, 2, 255]));
  world.write('a.txt', 'one\nmore\n');
  world.sh(`git update-index --add --cacheinfo 160000,${base},sub`);
  const to = world.sh(
    'git add -A . && git update-index --add --cacheinfo 160000,'.concat(base, ',sub && git commit -qm x && git rev-parse HEAD'),
  );
  const found = await world.git.changes(world.project, from, to);
  const summary = Object.fromEntries(found.map((one) => [one.path, [one.change, one.binary, one.insertions, one.deletions, one.old_path]]));
  expect(summary).toEqual({
    'a.txt': ['modified', false, 1, 0, null],
    binary: ['added', true, null, null, null],
    'dir/b.txt': ['deleted', false, 0, 1, null],
    kind: ['type', false, 1, 1, null],
    'moved.txt': ['renamed', false, 0, 0, 'long.txt'],
    'run.sh': ['mode', false, 0, 0, null],
    sub: ['submodule', false, 1, 0, null],
  });
  expect((await world.git.diff(world.project, from, to, { path: 'moved.txt', offset: 0, limit: 100 })).text).toMatch(
    /rename from long.txt/,
  );
});

test('odd file names survive: listed, and found again by the name that was listed', async () => {
  world.sh(
    `printf x > "$(printf 'caf\\351')"; printf x > "$(printf 'two\\nlines')"; printf x > '"quoted"'; printf x > 'tab	*[a]'; printf x > 'star*'`,
  );
  const to = commitAll();
  const paths = (await world.git.changes(world.project, base, to)).map(({ path }) => path).sort();
  expect(paths).toEqual(['"\\"quoted\\""', '"caf\\351"', 'star*', 'tab\t*[a]', 'two\nlines'].sort());
  for (const path of paths) {
    const { text } = await world.git.diff(world.project, base, to, { path, offset: 0, limit: 100 });
    expect(text.match(/^diff --git/gm), path).toHaveLength(1);
  }
  expect(await world.git.listFiles(world.project, to, 'star', 10)).toEqual(['star*']);
});

test('a window of a huge diff: whole lines, next window, total', async () => {
  world.write('big', Array.from({ length: 200_000 }, (_, index) => `line ${index}\n`).join(''));
  world.write('wide', 'x'.repeat(10_000_000));
  const to = commitAll();
  const first = await world.git.diff(world.project, base, to, { path: 'big', offset: 0, limit: 10 });
  expect(first).toMatchObject({ lines: 10, next_offset: 10, total_lines: null });
  const second = await world.git.diff(world.project, base, to, { path: 'big', offset: 150_000, limit: 2 });
  expect(second).toMatchObject({ text: '+line 149994\n+line 149995\n', total_lines: 200_006 });
  const wide = await world.git.diff(world.project, base, to, { path: 'wide', offset: 0, limit: 100 });
  expect(wide.text.length).toBeLessThan(20_000);
  expect(wide).toMatchObject({ lines: 8, next_offset: null, total_lines: 8 });
});

test('windows of any size join to the whole, however the output is chunked', () => {
  const whole = Array.from({ length: 57 }, (_, index) => `l${index}${'y'.repeat(index % 7)}\n`).join('');
  for (const [size, chunk] of [
    [1, 3],
    [10, 1],
    [100, 1000],
  ] as const) {
    let joined = '';
    for (let offset: number | null = 0; offset !== null; ) {
      const window = lineWindow(offset, size);
      for (let at = 0; at < whole.length; at += chunk) window.take(Buffer.from(whole.slice(at, at + chunk)));
      const end = window.end();
      joined += end.text;
      offset = end.next_offset;
    }
    expect(joined).toBe(whole);
  }
});

test('commits come newest first with size, body and merges', async () => {
  world.write('n', '1\n2\n');
  const first = world.sh('git add -A && git commit -q -F - <<E\nSubject\n\nBody\nsecond\nE\ngit rev-parse HEAD');
  const found = await world.git.commits(world.project, base, first, 10);
  expect(found).toEqual([
    {
      sha: first,
      parents: [base],
      author: 'Ann',
      email: 'ann@example.org',
      at: expect.stringMatching(/^20..-/),
      subject: 'Subject',
      body: 'Body\nsecond',
      files_changed: 1,
      insertions: 2,
      deletions: 0,
    },
  ]);
  world.sh('git commit -q --allow-empty -m two && git commit -q --allow-empty -m three');
  const all = await world.git.commits(world.project, base, world.sh('git rev-parse HEAD'), 10);
  expect(all.map(({ subject, body }) => [subject, body])).toEqual([
    ['three', ''],
    ['two', ''],
    ['Subject', 'Body\nsecond'],
  ]);
  expect((await world.git.commit(world.project, base)).files_changed).toBe(2);
  for (const bad of ['a'.repeat(40), 'HEAD', '--all', '']) {
    await expect(world.git.commit(world.project, bad)).rejects.toMatchObject({ code: 'commit_not_found' });
  }
});

test('the project file is read from the commit, strictly', async () => {
  expect(await world.git.projectFile(world.project, base)).toBeNull();
  world.write('.gluon.yml', 'setup: npm ci\nports: 2\ncopy: [.env]\n');
  expect(await world.git.projectFile(world.project, commitAll())).toEqual({ setup: 'npm ci', ports: 2, copy: ['.env'] });
  for (const text of ['unknown: 1\n', 'ports: many\n', '{', 'a: &a [1]\nb: [*a]\n']) {
    world.write('.gluon.yml', text);
    await expect(world.git.projectFile(world.project, commitAll()), text).rejects.toMatchObject({ code: 'project_file_invalid' });
  }
  world.sh('rm .gluon.yml && ln -s /etc/passwd .gluon.yml');
  await expect(world.git.projectFile(world.project, commitAll())).rejects.toMatchObject({ code: 'project_file_invalid' });
});

test('trusted configuration is exported without links', async () => {
  world.write('CLAUDE.md', 'rules');
  world.write('.claude/settings.json', '{}');
  symlinkSync('/etc/passwd', join(world.project, '.mcp.json'));
  const into = join(world.folder, 'trusted/config');
  await world.git.exportTrustedConfig(world.project, commitAll(), into);
  // Once more over what is there.
  await world.git.exportTrustedConfig(world.project, world.sh('git rev-parse HEAD'), into);
  expect(world.sh('find . -type f -o -type l | sort', into)).toBe('./.claude/settings.json\n./CLAUDE.md');
  expect(readFileSync(join(into, 'CLAUDE.md'), 'utf8')).toBe('rules');
});

test('a snapshot has the dirty state and touches neither index nor files', async () => {
  expect(await world.git.snapshotUncommitted(world.project)).toBe(base);
  world.write('.gitignore', 'ignored\n');
  world.write('ignored', 'x');
  world.write('new', 'x');
  world.write('.env', 'KEY=1');
  world.sh('echo staged >> a.txt && git add a.txt && echo more >> a.txt && rm -r dir && ln -s /etc dir && mkdir sub && git init -q sub');
  const before = world.sh('git status --porcelain; sha1sum .git/index; git for-each-ref');
  const snapshot = await world.git.snapshotUncommitted(world.project);
  expect(world.sh('git status --porcelain; sha1sum .git/index; git for-each-ref')).toBe(before);
  expect(world.sh(`git ls-tree -r --name-only ${snapshot}; git show ${snapshot}:a.txt; git rev-parse ${snapshot}^`)).toBe(
    `.gitignore\na.txt\ndir\nnew\none\nstaged\nmore\n${base}`,
  );
});

test('repositories that Gluon does not work with are refused by name', async () => {
  const make = (name: string, script: string) => {
    world.sh(`mkdir ${name} && cd ${name} && ${script}`, world.folder);
    return join(world.folder, name);
  };
  const cases: [string, string][] = [
    [make('nothing', ':'), 'not_a_repository'],
    [make('empty', 'git init -q'), 'repository_empty'],
    [make('bare', 'git init -q --bare'), 'repository_bare'],
    [make('shallow', `git clone -q --depth 1 file://${world.project} .`), 'repository_shallow'],
    [
      make(
        'partial',
        `git clone -q . ../partial2 2>/dev/null || :; git clone -q ${world.project} . && git config extensions.partialClone origin && git config core.repositoryFormatVersion 1`,
      ),
      'repository_partial',
    ],
    [join(world.folder, 'absent'), 'path_not_found'],
  ];
  for (const [path, code] of cases) await expect(world.git.inspect(path), path).rejects.toMatchObject({ code });
  world.write('.gitattributes', '*.bin filter=lfs diff=lfs\n');
  world.sh('git checkout -q --detach && git remote add origin https://user:secret@example.org/x.git');
  const head = commitAll();
  expect(await world.git.inspect(join(world.project, 'dir'))).toEqual({
    path: world.project,
    gitDir: join(world.project, '.git'),
    branch: null,
    head,
    detached: true,
    remote: 'https://example.org/x.git',
    hasSubmodules: false,
    usesLfs: true,
  });
  expect(await world.git.version()).toMatch(/^2\.\d+/);
});
