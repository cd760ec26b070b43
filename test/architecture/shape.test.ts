import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse, sourceFiles, textOf } from './source-files.ts';

/** A longer file is asking to be two. */
const MOST_LINES = 350;

describe('source files', () => {
  const files = sourceFiles();

  it('exist', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it(`have ${MOST_LINES} lines at most`, () => {
    const long = files.filter((file) => !file.endsWith('.gen.ts') && lines(textOf(file)) > MOST_LINES);
    expect(long.map((file) => `${file}: ${lines(textOf(file))}`)).toEqual([]);
  });

  it('declare something: none of them only passes on what others declare', () => {
    expect(files.filter((file) => isBarrel(parse(file)))).toEqual([]);
  });
});

describe('a file that only passes on', () => {
  it.each(["export * from './a.ts';", "export { a } from './a.ts';", "import { a } from './a.ts';\nexport { a };"])(
    'is found: %s',
    (code) => {
      expect(isBarrel(parse('index.ts', code))).toBe(true);
    },
  );
  it.each(["export * from './a.ts';\nexport const b = 1;", "import './a.ts';", ''])('is not seen in: %s', (code) => {
    expect(isBarrel(parse('index.ts', code))).toBe(false);
  });
});

const lines = (text: string): number => text.trimEnd().split('\n').length;

function isBarrel(source: ts.SourceFile): boolean {
  const exports = source.statements.filter(ts.isExportDeclaration);
  return (
    exports.length > 0 && source.statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement))
  );
}
