/** `/api/openapi.json` and `/api/docs`. Both need a token like everything else, and are made when first asked for. */
import type { FastifyInstance } from 'fastify';
import { sendJson } from '../answer.ts';

export function serveDescription(app: FastifyInstance, version: string): void {
  let json: Promise<string> | null = null;
  let page: Promise<{ html: string; csp: string }> | null = null;
  app.route({
    method: 'GET',
    url: '/api/openapi.json',
    config: { role: 'viewer' },
    handler: async (_request, reply) => {
      json ??= documentText(version);
      return sendJson(reply, 200, await json);
    },
  });
  app.route({
    method: 'GET',
    url: '/api/docs',
    config: { role: 'viewer' },
    handler: async (_request, reply) => {
      page ??= pageText(version);
      const { html, csp } = await page;
      return reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', csp).send(html);
    },
  });
}

async function documentText(version: string): Promise<string> {
  const { openApiDocument } = await import('./document.ts');
  return JSON.stringify(openApiDocument(version));
}

async function pageText(version: string): Promise<{ html: string; csp: string }> {
  const [{ openApiDocument }, { descriptionPage, PAGE_CSP }] = await Promise.all([import('./document.ts'), import('./page.ts')]);
  return { html: descriptionPage(openApiDocument(version)), csp: PAGE_CSP };
}
