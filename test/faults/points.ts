/** Every fault point of the product, read from its sources: a new one is driven from the day it is written. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

export interface PointInSource {
  name: string;
  file: string;
  line: number;
}

/** Throws for a name that is not a plain text: nobody could aim at it. */
export function faultPointsOf(file: string, text: string): PointInSource[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: PointInSource[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'fault') {
      const [name] = node.arguments;
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      if (name === undefined || !ts.isStringLiteral(name))
        throw new Error(`${file}:${line}: the name of a fault point must be a plain text`);
      found.push({ name: name.text, file, line });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

export function allFaultPoints(): PointInSource[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.fixture.ts'))
    .flatMap((name) => faultPointsOf(relative(process.cwd(), join(SOURCES, name)), readFileSync(join(SOURCES, name), 'utf8')));
}
