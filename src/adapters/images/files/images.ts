/** Images in a folder, each stored once under the SHA-256 of its bytes. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import type { ImageFiles } from '../../../ports/transcript.ts';
import { writeDurably } from '../../system/durable-file.ts';
import { readImageHeader } from './image-header.ts';

export const MAX_IMAGE_BYTES = 20 * 1024 * 1024;
/** What a provider would scale down anyway; far below what unpacking could hurt. */
export const MAX_PIXELS = 50_000_000;
const ID = /^[0-9a-f]{64}$/;

export function imageFiles(options: { folder: string }): ImageFiles {
  const pathOf = (id: string) => join(options.folder, id);
  return {
    async store(given) {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      if (bytes.length > MAX_IMAGE_BYTES) throw new GluonError('too_large', { what: 'the image', limit: '20 MB' });
      const facts = readImageHeader(bytes);
      if (facts === null) throw new GluonError('attachment_invalid', { why: 'its content is neither PNG, JPEG, GIF nor WebP' });
      if (facts.width === 0 || facts.height === 0) throw new GluonError('attachment_invalid', { why: 'it has no size' });
      if (facts.width * facts.height > MAX_PIXELS)
        throw new GluonError('attachment_invalid', { why: `it has ${facts.width} × ${facts.height} pixels` });
      const id = createHash('sha256').update(bytes).digest('hex');
      await writeOnce(options.folder, pathOf(id), bytes);
      return { id, bytes: bytes.length, ...facts };
    },
    async read(id) {
      if (!ID.test(id)) return null;
      return readFile(pathOf(id)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
    },
  };
}

/** Whole or not at all: written beside its place and renamed into it. */
async function writeOnce(folder: string, path: string, bytes: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(path, bytes, `${path}.${randomBytes(6).toString('hex')}`, 'wx');
}
