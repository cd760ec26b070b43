import { refractor } from 'refractor';
import { expect, test } from 'vitest';
import { languageOfFence, languageOfPath } from './languages.ts';
import { TOKEN_CLASSES, type TokenNode, tokenLines } from './token-lines.ts';

const coloured = (text: string, language: string) => {
  const lines = tokenLines(refractor.highlight(text, language) as TokenNode);
  return text.split('\n').map((line, index) => {
    const tokens = lines[index] ?? [];
    const parts: [string, string][] = [];
    for (let at = 0, pair = 0; pair < tokens.length; pair += 2) {
      const length = tokens[pair] ?? 0;
      parts.push([line.slice(at, at + length), TOKEN_CLASSES[tokens[pair + 1] ?? 0] ?? '?']);
      at += length;
    }
    return parts;
  });
};

test('tokens of each line are as long as the line, in the order of the text', () => {
  const text = 'const a = `x`;\n/* one\n two */ call("s")\n\n  @Deco() class Kind {}';
  const lines = coloured(text, 'typescript');
  expect(lines.map((parts) => parts.map(([part]) => part).join(''))).toEqual(text.split('\n'));
  expect(lines[0]?.slice(0, 2)).toEqual([
    ['const', 'tok-k'],
    [' a ', ''],
  ]);
  // A comment goes on in the next line, and ends there.
  expect(lines[1]).toEqual([['/* one', 'tok-c']]);
  expect(lines[2]?.slice(0, 3)).toEqual([
    [' two */', 'tok-c'],
    [' ', ''],
    ['call', 'tok-f'],
  ]);
  expect(lines[4]).toContainEqual(['Kind', 'tok-t']);
});

test('text that looks like markup stays text, and a deep tree does not end the stack', () => {
  expect(
    coloured('<img src=x onerror=alert(1)>', 'markup')[0]
      ?.map(([part]) => part)
      .join(''),
  ).toBe('<img src=x onerror=alert(1)>');
  let deep: TokenNode = { type: 'text', value: 'x' };
  for (let level = 0; level < 200_000; level += 1) deep = { type: 'element', children: [deep] };
  expect(tokenLines(deep)).toEqual([[1, 0]]);
});

test('names of files and fences lead to languages; names that every object has do not', () => {
  expect(languageOfPath('src/a.test.TSX')).toBe('tsx');
  expect(languageOfPath('deploy/Dockerfile.dev')).toBe('docker');
  expect(languageOfPath('Makefile')).toBe('makefile');
  for (const odd of ['constructor', 'a.constructor', 'x.__proto__', 'LICENSE', '', '.', 'a.']) expect(languageOfPath(odd), odd).toBeNull();
  expect(languageOfFence('TS')).toBe('typescript');
  expect(languageOfFence('shell')).toBe('bash');
  expect(languageOfFence('toString')).toBeNull();
});
