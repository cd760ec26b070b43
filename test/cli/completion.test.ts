/** The completion script as the shell runs it. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript } from '../../src/cli/completion.ts';
import { DECLARATIONS } from '../../src/cli/declarations/all.ts';

function complete(...words: string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const script = `${completionScript('bash', DECLARATIONS)}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _gluon; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', cwd: '/' }).trim().split('\n');
}

test('commands, subcommands, options, choices', () => {
  expect(complete('gluon', 'pro')).toEqual(['project']);
  expect(complete('gluon', 'project', 'a')).toEqual(['add']);
  expect(complete('gluon', 'project', 'add', '--b')).toEqual(['--base-branch']);
  expect(complete('gluon', 'run', 'shop', '--back')).toEqual(['--background']);
  expect(complete('gluon', 'completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
});
