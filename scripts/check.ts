/** Every check that needs no test runner, one after the other; all of them run even when one fails. */
import { spawnSync } from 'node:child_process';
import { inRoot, say } from './setup/root.mjs';

const node = process.execPath;
const CHECKS: ReadonlyArray<readonly [name: string, command: string, ...args: string[]]> = [
  // Under its own name: `tsc` on the path is the older one, which stays for tools that need its programming interface.
  ['types', node, inRoot('node_modules/typescript-7/bin/tsc'), '-p', inRoot('.')],
  ['types of the page', node, inRoot('node_modules/typescript-7/bin/tsc'), '-p', inRoot('web')],
  ['lint and format', 'biome', 'check'],
  ['layers', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'scripted-model', 'scripts', 'test', 'bench', 'web/src'],
  ['unused code', 'knip'],
  ['generated files', node, inRoot('scripts/generate.ts'), '--check'],
];

const failed: string[] = [];
for (const [name, command, ...args] of CHECKS) {
  const startedMs = Date.now();
  const end = spawnSync(command, args, { cwd: inRoot('.'), stdio: 'inherit' });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  if (end.error !== undefined) say(`${name}: ${command} does not start: ${end.error.message}`);
  if (end.status !== 0) failed.push(name);
  say(`${name}: ${end.status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
}
if (failed.length > 0) {
  say(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
