/** What a highlighter found, as lines of lengths and classes: small to send, nothing in it but numbers. */

/** Index is the class of a token; 0 is plain text. The CSS classes are those of `highlight.css`. */
export const TOKEN_CLASSES = ['', 'tok-k', 'tok-s', 'tok-n', 'tok-f', 'tok-t', 'tok-c', 'tok-p'] as const;
const [PLAIN, KEYWORD, STRING, NUMBER, FUNCTION, TYPE, COMMENT, PUNCTUATION] = [0, 1, 2, 3, 4, 5, 6, 7];

/** Pairs of length (UTF-16 units) and class; together as long as the line. */
export type LineTokens = readonly number[];
export type TokenLines = readonly LineTokens[];

/** The part of the highlighter's tree that is read. */
export interface TokenNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly TokenNode[];
  readonly properties?: { readonly className?: unknown };
}

const CLASS_OF: Readonly<Record<string, number>> = {
  keyword: KEYWORD,
  atrule: KEYWORD,
  important: KEYWORD,
  rule: KEYWORD,
  directive: KEYWORD,
  title: KEYWORD,
  string: STRING,
  'template-string': STRING,
  char: STRING,
  regex: STRING,
  'attr-value': STRING,
  url: STRING,
  'code-snippet': STRING,
  number: NUMBER,
  boolean: NUMBER,
  constant: NUMBER,
  symbol: NUMBER,
  function: FUNCTION,
  'function-variable': FUNCTION,
  method: FUNCTION,
  property: FUNCTION,
  'attr-name': FUNCTION,
  key: FUNCTION,
  'class-name': TYPE,
  builtin: TYPE,
  namespace: TYPE,
  tag: TYPE,
  selector: TYPE,
  variable: PLAIN,
  interpolation: PLAIN,
  comment: COMMENT,
  prolog: COMMENT,
  doctype: COMMENT,
  cdata: COMMENT,
  punctuation: PUNCTUATION,
  operator: PUNCTUATION,
};

/** The innermost token that has a class of ours decides. */
export function tokenLines(root: TokenNode): TokenLines {
  const lines: number[][] = [[]];
  const add = (length: number, kind: number) => {
    const line = lines.at(-1);
    if (length === 0 || line === undefined) return;
    if (line.at(-1) === kind && line.length > 0) line[line.length - 2] = (line[line.length - 2] ?? 0) + length;
    else line.push(length, kind);
  };
  // No recursion: how deep a tree is, is decided by whoever wrote the code.
  const open: { node: TokenNode; kind: number }[] = [{ node: root, kind: PLAIN }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, kind } = next;
    if (node.value !== undefined) {
      const parts = node.value.split('\n');
      parts.forEach((part, index) => {
        if (index > 0) lines.push([]);
        add(part.length, kind);
      });
      continue;
    }
    const own = kindOf(node.properties?.className) ?? kind;
    const children = node.children ?? [];
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child !== undefined) open.push({ node: child, kind: own });
    }
  }
  return lines;
}

function kindOf(classes: unknown): number | undefined {
  if (!Array.isArray(classes)) return undefined;
  for (const name of classes) {
    if (typeof name === 'string' && Object.hasOwn(CLASS_OF, name)) return CLASS_OF[name];
  }
  return undefined;
}
