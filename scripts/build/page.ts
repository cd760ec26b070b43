/** Builds the page into dist/web, with each text file compressed beside it: the server compresses nothing while it serves. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { inRoot } from '../setup/root.mjs';

const TEXT = /\.(?:js|css|html|svg|webmanifest|json)$/;
/** Smaller files gain nothing that a packet would notice. */
const SMALLEST_BYTES = 1024;

const asBrotli = promisify(brotliCompress);
const asGzip = promisify(gzip);

export async function buildPage(): Promise<void> {
  await build({ configFile: inRoot('web/vite.config.ts'), logLevel: 'warn' });
  const folder = inRoot('dist/web');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(
    entries.filter((entry) => entry.isFile() && TEXT.test(entry.name)).map((entry) => compress(join(entry.parentPath, entry.name))),
  );
}

async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < SMALLEST_BYTES) return;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await Promise.all([
    asBrotli(content, brotli).then((small) => writeFile(`${file}.br`, small)),
    asGzip(content, { level: 9 }).then((small) => writeFile(`${file}.gz`, small)),
  ]);
}
