/** Finds where a source file reaches out to the world by itself: environment, time, chance, processes, network, timers. */
import ts from 'typescript';

export const DOORS = ['environment', 'clock', 'chance', 'process', 'network', 'timer'] as const;
export type Door = (typeof DOORS)[number];

export interface Use {
  readonly door: Door;
  readonly line: number;
  /** The expression or the import. */
  readonly text: string;
}

/** `object.property` as written. */
const MEMBERS: Readonly<Record<string, Door>> = {
  'process.env': 'environment',
  'Date.now': 'clock',
  'performance.now': 'clock',
  'performance.timeOrigin': 'clock',
  'process.hrtime': 'clock',
  'process.uptime': 'clock',
  'Math.random': 'chance',
  'crypto.randomUUID': 'chance',
  'crypto.getRandomValues': 'chance',
  'AbortSignal.timeout': 'timer',
};

const GLOBALS: Readonly<Record<string, Door>> = {
  fetch: 'network',
  WebSocket: 'network',
  EventSource: 'network',
  setTimeout: 'timer',
  setInterval: 'timer',
  setImmediate: 'timer',
};

const MODULES: Readonly<Record<string, Door>> = {
  child_process: 'process',
  cluster: 'process',
  worker_threads: 'process',
  execa: 'process',
  timers: 'timer',
  'timers/promises': 'timer',
  perf_hooks: 'clock',
  ...Object.fromEntries(
    ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'undici', 'ws'].map((name) => [name, 'network' as const]),
  ),
};

/** What a module gives away only by one of its names. */
const NAMES: Readonly<Record<string, Readonly<Record<string, Door>>>> = {
  process: { env: 'environment', hrtime: 'clock', uptime: 'clock' },
  crypto: {
    randomUUID: 'chance',
    randomBytes: 'chance',
    randomInt: 'chance',
    randomFillSync: 'chance',
    randomFill: 'chance',
    getRandomValues: 'chance',
    webcrypto: 'chance',
  },
};

const OBJECTS = new Set(['globalThis', 'global', 'window', 'self']);

export function usesOf(source: ts.SourceFile): Use[] {
  const uses: Use[] = [];
  const own = ownNames(source);
  const add = (door: Door | undefined, node: ts.Node): void => {
    if (door === undefined) return;
    uses.push({
      door,
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
      text: node.getText(source).slice(0, 80),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isImportDeclaration(node)) addImport(node, add);
    if (ts.isCallExpression(node)) addCall(node, add);
    if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments ?? []).length === 0) add('clock', node);
    const member = memberOf(node);
    if (member !== null)
      add(MEMBERS[member] ?? (OBJECTS.has(member.split('.')[0] ?? '') ? GLOBALS[member.split('.')[1] ?? ''] : undefined), node);
    if (ts.isIdentifier(node) && isValue(node) && !own.has(node.text)) add(GLOBALS[node.text], node);
    if (ts.isVariableDeclaration(node)) addDestructured(node, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** Names that the file itself declares or imports: there `fetch` may be the fetch of git. */
function ownNames(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (
      (ts.isFunctionDeclaration(node) || ts.isImportSpecifier(node) || ts.isVariableDeclaration(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name)
    ) {
      names.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

type Add = (door: Door | undefined, node: ts.Node) => void;

function addImport(node: ts.ImportDeclaration, add: Add): void {
  const clause = node.importClause;
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || !ts.isStringLiteral(node.moduleSpecifier)) return;
  const module = node.moduleSpecifier.text.replace(/^node:/, '');
  add(MODULES[module], node);
  const bindings = clause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return;
  for (const one of bindings.elements) if (!one.isTypeOnly) add(NAMES[module]?.[(one.propertyName ?? one.name).text], node);
}

/** `import('node:child_process')`, `require(…)`, `process.getBuiltinModule(…)`, and `Date()` without `new`. */
function addCall(node: ts.CallExpression, add: Add): void {
  const [first] = node.arguments;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    isNamed(node.expression, 'require') ||
    memberOf(node.expression) === 'process.getBuiltinModule';
  if (loads && first !== undefined && ts.isStringLiteralLike(first)) add(MODULES[first.text.replace(/^node:/, '')], node);
  if (isNamed(node.expression, 'Date')) add('clock', node);
}

/** `const { env } = process`. */
function addDestructured(node: ts.VariableDeclaration, add: Add): void {
  if (!ts.isObjectBindingPattern(node.name) || node.initializer === undefined || !ts.isIdentifier(node.initializer)) return;
  for (const one of node.name.elements) add(MEMBERS[`${node.initializer.text}.${(one.propertyName ?? one.name).getText()}`], node);
}

/** `a.b` or `a['b']` as "a.b"; null for anything longer or other. */
function memberOf(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    if (ts.isIdentifier(node.expression)) return `${node.expression.text}.${node.name.text}`;
    const inner = memberOf(node.expression);
    return inner !== null && OBJECTS.has(inner.split('.')[0] ?? '') ? `${inner.split('.').slice(1).join('.')}.${node.name.text}` : null;
  }
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression) && ts.isStringLiteralLike(node.argumentExpression)) {
    return `${node.expression.text}.${node.argumentExpression.text}`;
  }
  return null;
}

const isNamed = (node: ts.Node, name: string): boolean => ts.isIdentifier(node) && node.text === name;

/** An identifier that is read as a variable: no property name, declaration or label of its own. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isPropertyAssignment(parent)) return parent.initializer === node;
  const declares =
    ts.isFunctionDeclaration(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent) || ts.isPropertySignature(parent);
  return !declares && !ts.isImportSpecifier(parent) && !ts.isPropertyDeclaration(parent) && !ts.isTypeReferenceNode(parent);
}
