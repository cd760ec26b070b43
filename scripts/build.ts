/** Bundles the entry points into dist/ with their packages: a server of one file starts in two thirds of the time of a thousand files. */
import { mkdir, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, type OutputFile } from 'esbuild';
import { buildPage } from './build/page.ts';
import { STAMP, sourceHash } from './setup/built-program.mjs';
import { inRoot, say } from './setup/root.mjs';

const ENTRIES = ['cli', 'server', 'demo'];
/** Loaded from node_modules: what carries a program of the machine, and what is not ours to copy. */
const STAY_OUTSIDE = ['better-sqlite3', '@anthropic-ai/*'];
/** Packages that were written before modules call `require`, which a module has to make for itself. */
const REQUIRE = "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";
/** A server that runs loads its lazy parts from the build that it was started from: old chunks stay for a while. */
const OLD_CHUNKS_STAY_MS = 7 * 24 * 3600 * 1000;

const dist = inRoot('dist');

async function main(): Promise<void> {
  const before = sourceHash();
  const entries = ENTRIES.map((name) => inRoot(`src/main/${name}.ts`));
  const result = await build({
    entryPoints: entries,
    outdir: dist,
    entryNames: '[name]',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: STAY_OUTSIDE,
    banner: { js: REQUIRE },
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: inRoot('.'),
    write: false,
  });
  await mkdir(join(dist, 'chunks'), { recursive: true });
  // Chunks first: an entry that is in place finds everything that it names.
  for (const file of result.outputFiles.filter(isChunk)) await replaceFile(file);
  for (const file of result.outputFiles.filter((one) => !isChunk(one))) await replaceFile(file);
  await removeOldChunks(new Set(result.outputFiles.map((file) => basename(file.path))));
  await buildPage();
  // The start-up cache holds code of earlier builds; it fills itself again.
  await rm(join(dist, 'compile-cache'), { recursive: true, force: true });
  await writeFile(inRoot(STAMP), before);
  say(`built dist/ (${result.outputFiles.length} files)`);
}

const isChunk = (file: OutputFile): boolean => basename(dirname(file.path)) === 'chunks';

/** By rename: a program that starts meanwhile reads the old file or the new one, never half of one. */
async function replaceFile(file: OutputFile): Promise<void> {
  const half = `${file.path}.${process.pid}`;
  await writeFile(half, file.contents);
  await rename(half, file.path);
}

async function removeOldChunks(current: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(join(dist, 'chunks'))) {
    const path = join(dist, 'chunks', name);
    if (!current.has(name) && Date.now() - (await stat(path)).mtimeMs > OLD_CHUNKS_STAY_MS) await unlink(path);
  }
}

main().catch((error: unknown) => {
  // esbuild has printed its own messages, with the places in the sources.
  if (!isBuildFailure(error)) throw error;
  process.exitCode = 1;
});

function isBuildFailure(error: unknown): boolean {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
