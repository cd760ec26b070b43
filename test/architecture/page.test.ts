import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isTest, parse, sourceFiles } from './source-files.ts';

/** Names that turn data into markup or code: what an agent wrote must never meet one of them. */
const DANGEROUS = new Set([
  'dangerouslySetInnerHTML',
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'createContextualFragment',
  'srcdoc',
  'eval',
]);

function breaches(file: string, text?: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && DANGEROUS.has(node.text)) found.push(node.text);
    if (ts.isNewExpression(node) && node.expression.getText() === 'Function') found.push('new Function');
    if (ts.isPropertyAccessExpression(node) && /^document\.write(ln)?$/.test(node.getText())) found.push('document.write');
    ts.forEachChild(node, visit);
  };
  visit(parse(file, text));
  return found.map((name) => `${file}: ${name}`);
}

describe('the page', () => {
  it('never makes markup or code of text', () => {
    const files = sourceFiles(['web/src']).filter((file) => !isTest(file));
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap((file) => breaches(file))).toEqual([]);
  });

  it.each([
    '<div dangerouslySetInnerHTML={{ __html: text }} />',
    'element.innerHTML = text;',
    'element.insertAdjacentHTML("beforeend", text);',
    'document.write(text);',
    'eval(text);',
    'new Function(text)();',
    '<iframe srcdoc={text} />',
  ])('would be caught at %s', (code) => expect(breaches('bad.tsx', code)).toHaveLength(1));
});
