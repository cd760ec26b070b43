import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the built page lies: beside the bundle that this code is part of, beside its chunks, or, from the sources, in dist/. */
const PLACES = ['web', '../web', '../../dist/web'];

/** Undefined before the first build: the server then has no page, and says so in its log. */
export function pageFolder(): string | undefined {
  return PLACES.map((place) => join(import.meta.dirname, place)).find((folder) => existsSync(join(folder, 'index.html')));
}
