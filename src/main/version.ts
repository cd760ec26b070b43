import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Version of this program, from the package.json above the file that runs (the source or the bundle). */
export function programVersion(from: string = import.meta.dirname): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const found = versionIn(join(folder, 'package.json'));
    if (found !== null) return found;
  }
  throw new Error('package.json of gluon was not found');
}

function versionIn(path: string): string | null {
  try {
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown };
    return name === 'gluon' && typeof version === 'string' ? version : null;
  } catch (error) {
    // Looked for further up.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
