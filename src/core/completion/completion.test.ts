import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathList, rankPaths } from './rank-paths.ts';
import { commandOfFile } from './slash-commands.ts';

describe('rankPaths', () => {
  const list = pathList([
    'README.md',
    'src/cart/cart.ts',
    'src/cart/cart.test.ts',
    'src/cart/shopping-cart-view.tsx',
    'src/server/sessions.ts',
    'src/account/SessionsPage.tsx',
    'docs/cartography/map.md',
    'package.json',
  ]);
  const rank = (query: string, limit = 10) => rankPaths(list, query, limit);

  it('puts names before paths, beginnings before middles, and whole names first', () => {
    expect(rank('cart')).toEqual([
      'src/cart/cart.ts',
      'src/cart/cart.test.ts',
      'src/cart/shopping-cart-view.tsx',
      'docs/cartography/map.md',
    ]);
    expect(rank('SESSIONS')).toEqual(['src/server/sessions.ts', 'src/account/SessionsPage.tsx']);
    expect(rank('cart', 1)).toEqual(['src/cart/cart.ts']);
  });

  it('takes some letters in order for the whole', () => {
    expect(rank('srvses')[0]).toBe('src/server/sessions.ts');
    expect(rank('s c v')[0]).toBe('src/cart/shopping-cart-view.tsx');
    expect(rank('src/cart/ca')[0]).toBe('src/cart/cart.ts');
    expect(rank('zzz')).toEqual([]);
    expect(rank('', 2)).toEqual(['README.md', 'src/cart/cart.ts']);
  });

  it('finds every path by any of its letters in order, and by nothing else', () => {
    const word = fc.stringMatching(/^[abc/._-]{1,12}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 40 }), fc.stringMatching(/^[abc]{1,4}$/), (paths, query) => {
        const fits = (path: string) => [...query].reduce((at, letter) => (at < 0 ? at : path.indexOf(letter, at) + 1 || -1), 0) >= 0;
        expect(new Set(rankPaths(pathList(paths), query, 100))).toEqual(new Set(paths.filter(fits)));
        const all = rankPaths(pathList(paths), query, 100);
        expect(rankPaths(pathList(paths), query, 3)).toEqual(all.slice(0, 3));
      }),
    );
  });
});

describe('commandOfFile', () => {
  it('reads commands and skills, with what their authors say of them', () => {
    const text = '---\ndescription: "Review the change"\nargument-hint: [file]\n---\nDo it.\n';
    expect(commandOfFile('.claude/commands/git/review.md', text)).toEqual({
      name: 'review',
      source: 'project',
      description: 'Review the change',
      argumentHint: '[file]',
    });
    expect(commandOfFile('.claude/commands/x.md', '\n# Fix it\nmore')).toMatchObject({
      name: 'x',
      description: 'Fix it',
      argumentHint: null,
    });
    expect(commandOfFile('.claude/skills/pdf/SKILL.md', '---\nname: pdf-forms\n---\n')).toMatchObject({
      name: 'pdf-forms',
      source: 'skill',
    });
  });

  it('leaves out what is none', () => {
    for (const path of ['.claude/commands/a b.md', '.claude/commands/.md', '.claude/skills/x/other.md', '.claude/commands/x.txt', 'x.md'])
      expect(commandOfFile(path, 'x')).toBeNull();
    expect(commandOfFile('.claude/skills/x/SKILL.md', '---\nname: <b>x</b>\n---\n')).toBeNull();
  });

  it('never throws, and keeps texts short', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('-', '\n', ':', 'description', ' ', '"', 'a'), maxLength: 80 }), (text) => {
        const found = commandOfFile('.claude/commands/x.md', `---\n${text}`);
        expect([...(found?.description ?? '')].length).toBeLessThanOrEqual(200);
      }),
    );
    expect([...(commandOfFile('.claude/commands/x.md', 'y'.repeat(9_999))?.description ?? '')]).toHaveLength(200);
  });
});
