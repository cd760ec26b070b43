import { expect, test } from 'vitest';
import type { Diff, FileChange } from '../../../src/contract/git-resources.ts';
import { ChangeLoader, type ChangeSource, LARGE_FILE_LINES, WHOLE_LINES } from './change-loader.ts';
import { keepDrafts, readDrafts } from './comment-drafts.ts';
import { Viewed } from './viewed.ts';

/** A change of files with so many added lines each. */
class Source implements ChangeSource {
  from = 'base';
  to = 'head';
  readonly asked: string[] = [];
  failAt = Number.POSITIVE_INFINITY;
  readonly #sizes: Readonly<Record<string, number>>;

  constructor(sizes: Readonly<Record<string, number>>) {
    this.#sizes = sizes;
  }

  async files() {
    const items = Object.entries(this.#sizes).map(
      ([path, insertions]): FileChange => ({
        path,
        old_path: null,
        change: 'added',
        binary: false,
        insertions,
        deletions: 0,
        old_mode: null,
        new_mode: null,
      }),
    );
    return { from: this.from, to: this.to, items };
  }

  async lines({ path, offset, limit }: { path?: string; offset: number; limit: number }): Promise<Diff> {
    this.asked.push(`${path ?? '*'}:${offset}+${limit}`);
    if (this.asked.length >= this.failAt) throw new Error('no connection');
    const all = Object.entries(this.#sizes)
      .filter(([name]) => path === undefined || path === name)
      .flatMap(([name, size]) => [
        `diff --git a/${name} b/${name}`,
        `+++ b/${name}`,
        `@@ -0,0 +1,${size} @@`,
        ...Array.from({ length: size }, (_, index) => `+line ${index + 1}`),
      ]);
    const lines = all.slice(offset, offset + limit);
    const next = offset + lines.length < all.length ? offset + lines.length : null;
    return {
      from: this.from,
      to: this.to,
      text: lines.map((line) => `${line}\n`).join(''),
      offset,
      lines: lines.length,
      total_lines: null,
      next_offset: next,
    };
  }
}

const loader = (source: ChangeSource) => new ChangeLoader(source, async () => {});
const sizes = (one: ChangeLoader) =>
  Object.fromEntries(
    [...one.snapshot().contents].map(([path, { state, diff }]) => [
      path,
      `${state} ${diff?.hunks.reduce((sum, { lines }) => sum + lines.length, 0) ?? 0}`,
    ]),
  );

test('a change of common size is read whole, in windows, every line once', async () => {
  const source = new Source({ a: 700, b: 9_000, c: 1 });
  const one = loader(source);
  const seen: string[] = [];
  one.watch(() => seen.push(one.snapshot().contents.get('b')?.state ?? '-'));
  await one.load();
  expect(sizes(one)).toEqual({ a: 'whole 700', b: 'whole 9000', c: 'whole 1' });
  expect(one.snapshot().settled).toBe(true);
  expect(source.asked).toEqual(['*:0+1000', '*:1000+5000', '*:6000+5000']);
  // What has come is shown before the rest is there.
  expect(seen).toContain('loading');
});

test('of a huge change a file is read when it is wanted, in parts', async () => {
  const source = new Source({ a: WHOLE_LINES, b: LARGE_FILE_LINES });
  const one = loader(source);
  await one.load();
  expect(source.asked).toEqual([]);
  await Promise.all([one.loadFile('b'), one.loadFile('b')]);
  expect(sizes(one)).toEqual({ b: `whole ${LARGE_FILE_LINES}` });
  await one.loadFile('a');
  expect(one.snapshot().contents.get('a')?.state).toBe('part');
  await one.loadFile('a');
  expect(sizes(one).a).toBe(`whole ${WHOLE_LINES}`);
});

test('what was read stays when the connection goes, and the next try goes on behind it', async () => {
  const source = new Source({ a: WHOLE_LINES, b: 8_000 });
  const one = loader(source);
  await one.load();
  source.failAt = 2;
  await one.loadFile('b');
  expect(one.snapshot().contents.get('b')).toMatchObject({ state: 'failed', error: new Error('no connection') });
  source.failAt = Number.POSITIVE_INFINITY;
  await one.loadFile('b');
  expect(sizes(one)).toEqual({ b: 'whole 8000' });
});

test('a list that fails is said; a change that moves while it is read is read anew, but not for ever', async () => {
  const failing = loader({ files: () => Promise.reject(new Error('gone')), lines: () => Promise.reject(new Error('gone')) });
  await failing.load();
  expect(failing.snapshot()).toMatchObject({ state: 'failed', error: new Error('gone') });

  const moving = new Source({ a: 10 });
  const one = loader({
    files: () => moving.files(),
    lines: async (window) => {
      moving.to = 'newer';
      return moving.lines(window);
    },
  });
  await one.load();
  await expect.poll(() => sizes(one)).toEqual({ a: 'whole 10' });
  expect(one.snapshot().to).toBe('newer');

  let head = 0;
  const restless = new Source({ a: 10 });
  const other = loader({
    files: () => restless.files(),
    lines: async (window) => {
      head += 1;
      restless.to = `head ${head}`;
      return restless.lines(window);
    },
  });
  await other.load();
  await expect.poll(() => other.snapshot().error).toBeInstanceOf(Error);
  expect(head).toBeLessThan(10);
});

class Memory {
  readonly #kept = new Map<string, string>();
  full = false;
  get length() {
    return this.#kept.size;
  }
  key = (index: number) => [...this.#kept.keys()][index] ?? null;
  getItem = (key: string) => this.#kept.get(key) ?? null;
  removeItem = (key: string) => void this.#kept.delete(key);
  setItem = (key: string, value: string) => {
    if (this.full) throw new Error('full');
    this.#kept.set(key, value);
  };
}

test('viewed marks hold for the head, and later for the same content', () => {
  const keeper = new Memory();
  const blobs: Record<string, string> = { a: '1', b: '2', c: '' };
  const blobOf = (path: string) => blobs[path] || null;
  const first = new Viewed(keeper, 'run');
  for (const path of ['a', 'b', 'c', '__proto__']) first.set(path, true, 'head', blobOf);
  first.set('b', false, 'head', blobOf);
  const again = new Viewed(keeper, 'run');
  expect(['a', 'b', 'c', '__proto__', 'toString'].map((path) => again.has(path, 'head', blobOf(path)))).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(again.has('a', 'newer', '1')).toBe(true);
  expect(again.has('a', 'newer', '9')).toBe(false);
  expect(again.has('c', 'newer', null)).toBe(false);
  keeper.full = true;
  again.set('b', true, 'head', blobOf);
  expect(again.has('b', 'head', '2')).toBe(true);
  keeper.full = false;
  keeper.setItem('gluon.viewed', '{"broken');
  expect(new Viewed(keeper, 'run').has('a', 'head', '1')).toBe(false);
  for (let run = 0; run < 100; run += 1) new Viewed(keeper, `run ${run}`).set('a', true, 'head', blobOf);
  expect((JSON.parse(keeper.getItem('gluon.viewed') ?? '[]') as unknown[]).length).toBeLessThan(60);
});

test('drafts of comments come back, empty ones go, broken ones are begun anew', () => {
  const keeper = new Memory();
  const draft = { path: 'a', side: 'new', line: 3, text: 'why?' } as const;
  expect(
    keepDrafts(
      keeper,
      'run',
      new Map([
        ['x', draft],
        ['y', { ...draft, line: 4, text: '  ' }],
      ]),
      1,
    ),
  ).toBe(true);
  expect([...readDrafts(keeper, 'run').values()]).toEqual([draft]);
  expect(readDrafts(keeper, 'other').size).toBe(0);
  keepDrafts(keeper, 'run', new Map(), 1);
  expect(readDrafts(keeper, 'run').size).toBe(0);
  keeper.setItem('gluon.draft.comments.run', JSON.stringify({ text: '[{"path":1},null,"x"]', at: 1 }));
  expect(readDrafts(keeper, 'run').size).toBe(0);
  keeper.setItem('gluon.draft.comments.run', JSON.stringify({ text: '{', at: 1 }));
  expect(readDrafts(keeper, 'run').size).toBe(0);
  keeper.full = true;
  expect(keepDrafts(keeper, 'run', new Map([['x', draft]]), 1)).toBe(false);
});
