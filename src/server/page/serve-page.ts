/** Serves the built page. It holds no data and needs no token; everything that it shows comes from the API, which does. */
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { GluonError } from '../../contract/errors.ts';
import { PAGE_POLICY } from './content-policy.ts';

/** Names in there carry a hash of the content: what is under a name never changes. */
const IMMUTABLE = 'assets/';
const COMPRESSED = /\.(?:br|gz)$/;

/**
 * Adds the routes of the page in `folder` (what `scripts/build.ts` leaves in dist/web). Addresses of views, which exist only in the
 * browser, answer with the page itself; anything else that is no file is `not_found`.
 */
export async function servePage(app: FastifyInstance, folder: string): Promise<void> {
  const files = await filesBelow(folder);
  await app.register(fastifyStatic, { root: folder, serve: false, index: false, cacheControl: false, preCompressed: true, etag: true });
  // Below /api nothing is public because the page is.
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/*',
    handler: (request) => {
      throw new GluonError('not_found', { what: `${request.method} to that path` });
    },
  });
  app.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/*',
    config: { role: 'public' },
    handler: (request, reply) => {
      const asked = request.params['*'];
      const file = files.has(asked) ? asked : isView(asked) ? 'index.html' : null;
      if (file === null) throw new GluonError('not_found', { what: `${request.method} to that path` });
      reply.header('content-security-policy', PAGE_POLICY);
      reply.header('cache-control', file.startsWith(IMMUTABLE) ? 'public, max-age=31536000, immutable' : 'no-cache');
      return reply.sendFile(file);
    },
  });
}

/** The last part of a view's address has no dot: `/runs/3f2a…`, never `/assets/gone-1a2b.js`, for which a page would be a false answer. */
function isView(path: string): boolean {
  return !path.slice(path.lastIndexOf('/') + 1).includes('.');
}

async function filesBelow(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
  return new Set(paths.filter((path) => !COMPRESSED.test(path)));
}
