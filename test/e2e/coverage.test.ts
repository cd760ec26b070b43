/** Nothing that the product offers is left out: every operation and every command is driven by a test of this folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { DECLARATIONS } from '../../src/cli/declarations/all.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../src/contract/operations.ts';

let sources = '';

beforeAll(async () => {
  const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.test.ts') && name !== 'coverage.test.ts');
  const texts = await Promise.all(files.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  sources = texts.join('\n');
});

/** Called by its name, or by its method and address. */
function operationIsDriven(name: keyof typeof OPERATIONS): boolean {
  if (sources.includes(`call('${name}'`)) return true;
  const { method, path } = OPERATIONS[name];
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^\'`"/]+');
  return new RegExp(`'${method}', ['\`"]${pattern}['\`"?]`).test(sources);
}

/** Started with these words, whatever follows. */
function commandIsDriven(path: string): boolean {
  const words = path.split(' ').map((word) => `'${word}'`);
  const starts = [`(${words.join(', ')}`, `[${words.join(', ')}`, `cliIn(cwd, ${words.join(', ')}`];
  return (
    starts.some((start) => sources.includes(`${start},`) || sources.includes(`${start})`) || sources.includes(`${start}]`)) || typed(words)
  );
}

/** With a type argument: `json<Run>('show', …`. */
function typed(words: string[]): boolean {
  return new RegExp(`(?:json<[^(]*>|json|cli|start)\\(\\s*${words.join(',\\s*')}\\s*[,)]`).test(sources);
}

test('every operation', () => {
  expect(OPERATION_NAMES.filter((name) => !operationIsDriven(name))).toEqual([]);
});

test('every command', () => {
  // "up" is how each of these files begins: test/support/gluon.ts starts it. "web" and the like are not declared yet.
  expect(DECLARATIONS.map((declaration) => declaration.path).filter((path) => path !== 'up' && !commandIsDriven(path))).toEqual([]);
});

test('positive control: what nobody calls is found', () => {
  expect(sources.includes("call('runs.cancel'")).toBe(true);
  expect(commandIsDriven('project explode')).toBe(false);
  expect(sources.includes("call('runs.explode'")).toBe(false);
});
