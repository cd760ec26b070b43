/** The comments over the fields of a schema, read from its source: zod does not keep them. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { inRoot } from '../setup/root.mjs';

/** Field name to comment text, for the outermost object literal of the constant `name` in that file. */
export function fieldComments(file: string, name: string): ReadonlyMap<string, string> {
  const text = readFileSync(inRoot(file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Map<string, string>();
  const literal = objectLiteralOf(source, name);
  if (literal === undefined) throw new Error(`${file} declares no object "${name}"`);
  for (const property of literal.properties) {
    const comment = ts.getJSDocCommentsAndTags(property).find(ts.isJSDoc);
    const words = comment === undefined ? undefined : ts.getTextOfJSDocComment(comment.comment);
    if (property.name !== undefined && words !== undefined) found.set(property.name.getText(source), words.replaceAll(/\s+/g, ' '));
  }
  return found;
}

function objectLiteralOf(source: ts.SourceFile, name: string): ts.ObjectLiteralExpression | undefined {
  let result: ts.ObjectLiteralExpression | undefined;
  const inside = (node: ts.Node): void => {
    if (result === undefined && ts.isObjectLiteralExpression(node)) result = node;
    if (result === undefined) ts.forEachChild(node, inside);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText(source) === name && node.initializer !== undefined) inside(node.initializer);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return result;
}
