/** dist/ and whether it was made from the sources as they are now. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nodeProgram } from './node-program.mjs';
import { inRoot, ROOT, SetupFailure, say } from './root.mjs';
import { lastLines, runCommand } from './run-command.mjs';

const BUILD_LIMIT_MS = 5 * 60_000;
const INPUTS = ['package-lock.json', 'package.json', 'tsconfig.json', 'scripts/build.ts', 'scripts/build', 'src', 'scripted-model', 'web'];
export const STAMP = 'dist/built-from';

/** SHA-256 over paths and contents of everything that goes into dist/; tests do not. */
export function sourceHash() {
  const hash = createHash('sha256');
  for (const path of INPUTS.flatMap((input) => filesBelow(inRoot(input))).sort()) {
    hash
      .update(`${relative(ROOT, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex');
}

export function buildIsCurrent() {
  const stamp = inRoot(STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash();
}

export async function build() {
  say('building');
  const end = await runCommand(nodeProgram(), [inRoot('scripts/build.ts')], { timeoutMs: BUILD_LIMIT_MS, label: 'build', quiet: true });
  if (end.exitCode !== 0) throw new SetupFailure(`the build failed.\n${lastLines(end.output, 30)}`);
}

/** @param {string} path @returns {string[]} */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (/\.(?:ts|mjs|json)$/.test(path)) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((item) => {
    if (item.isDirectory()) return filesBelow(join(path, item.name));
    return /\.(?:test|fixture)\.ts$/.test(item.name) ? [] : [join(path, item.name)];
  });
}
