/** The repository that the demo's agents work on: a small price module with a bug, no documentation, and a feature to add. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runTool } from '../../adapters/process/run-tool.ts';

const FILES: Record<string, string> = {
  'package.json': `${JSON.stringify({ name: 'corner-shop', private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
  'README.md': '# Corner shop\n\nPrices and carts.\n',
  'src/price.js': `/** Cents as text, such as 1205 as "12.05". */
export function formatPrice(cents) {
  return Math.floor(cents / 100) + '.' + (cents % 100);
}
`,
  'src/cart.js': `export function total(items) {
  return items.reduce((sum, item) => sum + item.cents * item.count, 0);
}
`,
  'test/cart.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.js';

test('adds up', () => assert.equal(total([{ cents: 250, count: 2 }, { cents: 100, count: 1 }]), 600));
`,
};

export async function makeSampleProject(path: string, environment: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  const git = (...args: string[]) => gitIn(path, environment, args);
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'Gluon demo');
  await git('config', 'user.email', 'demo@localhost');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'A corner shop');
}

/** Output of git in that repository. It is ours: no agent writes there. */
export async function gitIn(path: string, environment: Readonly<Record<string, string>>, args: string[]): Promise<string> {
  const end = await runTool('git', ['-C', path, ...args], {
    env: { ...environment, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  if (end.exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${end.startError ?? end.stderr}`);
  return end.stdout.toString().trim();
}
