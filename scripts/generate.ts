/** Writes the files that are made from the contract. With `--check` it writes nothing and fails when one of them is stale. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { configurationPage } from './generate/configuration-page.ts';
import { errorsPage } from './generate/errors-page.ts';
import { eventsPage } from './generate/events-page.ts';
import { operationRoutes } from './generate/operation-routes.ts';
import { operationsPage } from './generate/operations-page.ts';
import { inRoot, say } from './setup/root.mjs';

const FILES: Readonly<Record<string, () => string>> = {
  'src/contract/operation-routes.gen.ts': operationRoutes,
  'docs/errors.md': errorsPage,
  'docs/events.md': eventsPage,
  'docs/operations.md': operationsPage,
  'docs/configuration.md': configurationPage,
};

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const [file, make] of Object.entries(FILES)) {
  const wanted = make();
  if ((await contentOf(file)) === wanted) continue;
  stale.push(file);
  if (check) continue;
  await mkdir(dirname(inRoot(file)), { recursive: true });
  await writeFile(inRoot(file), wanted);
}
if (check && stale.length > 0) {
  say(`stale: ${stale.join(', ')}. Run "npm run generate" and commit them.`);
  process.exitCode = 1;
} else {
  say(stale.length === 0 ? 'generated files are current' : `wrote ${stale.join(', ')}`);
}

async function contentOf(file: string): Promise<string | null> {
  try {
    return await readFile(inRoot(file), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
