import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { completionNodes, completionScript } from './completion.ts';
import { DECLARATIONS } from './declarations/all.ts';
import { buildProgram } from './program.ts';

const program = buildProgram('1.2.3', { out() {}, err() {}, columns: () => 100 }, () => {});

function helpOf(command: Command): string {
  return [command.helpInformation(), ...command.commands.map(helpOf)].join('\n----\n');
}

test('the help of every command', () => {
  expect(helpOf(program)).toMatchSnapshot();
});

test('every command has its code', async () => {
  for (const declaration of DECLARATIONS) expect(await declaration.load(), declaration.path).toBeTypeOf('function');
});

test('no command is declared twice, and none lacks a sentence', () => {
  const paths = DECLARATIONS.map((declaration) => declaration.path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const { path, summary } of DECLARATIONS) expect(summary, path).toMatch(/^[A-Z].*[.;):]?\.$/);
});

describe('completion', () => {
  test('knows every command and its options', () => {
    const nodes = completionNodes(DECLARATIONS);
    expect(nodes.get('')?.words).toEqual(expect.arrayContaining(['run', 'project', 'help']));
    expect(nodes.get('project')?.words).toEqual(['add', 'list', 'show', 'remove', 'set']);
    expect(nodes.get('run')?.words).toEqual(expect.arrayContaining(['--background', '--max-cost', '--json']));
    expect(nodes.get('move')?.words).toContain('review');
  });

  test.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
    expect(completionScript(shell, DECLARATIONS)).toMatchSnapshot();
  });
});
