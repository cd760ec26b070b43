/** The readable description: one page without scripts or anything from elsewhere. */
import { createHash } from 'node:crypto';
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import { LIVE_TYPES } from '../../contract/live.ts';
import type { OpenApiDocument } from './document.ts';
import type { JsonSchema } from './schemas.ts';

const STYLE = [
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}',
  'code{font-family:ui-monospace,monospace}',
  'table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}',
  'th,td{text-align:left;vertical-align:top;border-bottom:1px solid #ccc;padding:.25rem .75rem .25rem 0}',
  '@media (prefers-color-scheme:dark){body{color:#eee;background:#151515}th,td{border-color:#444}a{color:#8ab4f8}}',
].join('');

/** Allows this page's own style and nothing else. */
export const PAGE_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

export function descriptionPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path: `/api${path}`, operation })),
  );
  const groups = document.tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => (operation.tags as string[]).includes(name));
    return `<h2>${escapeHtml(name)}</h2>${own.map(operationSection).join('')}`;
  });
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>Gluon API</title><style>${STYLE}</style></head><body><h1>Gluon API ${escapeHtml(document.info.version)}</h1>`,
    '<p>Every request carries <code>Authorization: Bearer &lt;token&gt;</code>, save those of the role public. ',
    'The same as a document for programs: <code>/api/openapi.json</code>.</p>',
    ...groups,
    '<h2>Live messages</h2><p>The WebSocket <code>/api/ws</code> takes the token as a header, or from a browser as the subprotocols ',
    '<code>gluon.v1</code> and <code>gluon.token.&lt;token&gt;</code>. Send <code>{"type":"subscribe","topics":["board"],"after":{"board":7}}</code>, ',
    '<code>unsubscribe</code> or <code>ping</code>; the topics are <code>board</code>, <code>run:&lt;id&gt;</code>, <code>notifications</code> and ',
    '<code>capacity</code>. Each frame from the server is an array of messages <code>{topic, seq, type, data}</code>. After a reconnect ',
    '<code>after</code> names the last <code>seq</code>: what was missed follows, or <code>resync</code> says to read the resource again.</p>',
    `${table(
      ['type', 'meaning'],
      Object.entries(LIVE_TYPES).map(([type, text]) => [code(type), escapeHtml(text)]),
    )}`,
    `<h2>Errors</h2>${errorTable()}`,
    '</body></html>',
  ].join('');
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

function operationSection({ method, path, operation }: { method: string; path: string; operation: JsonSchema }): string {
  const id = escapeHtml(String(operation.operationId));
  const rows = fieldsOf(operation).map((field) => [
    code(field.name),
    escapeHtml(field.in),
    field.required ? 'yes' : '',
    code(typeOf(field.schema)),
  ]);
  return [
    `<section id="${id}"><h3><code>${method} ${escapeHtml(path)}</code></h3>`,
    `<p>${escapeHtml(String(operation.summary))} Operation ${code(String(operation.operationId))}, role ${code(String(operation['x-gluon-role']))}.</p>`,
    rows.length > 0 ? table(['field', 'in', 'required', 'type'], rows) : '',
    '</section>',
  ].join('');
}

function fieldsOf(operation: JsonSchema): Parameter[] {
  const content = (operation.requestBody as { content?: Record<string, { schema: JsonSchema }> } | undefined)?.content;
  const body = content?.['application/json']?.schema as { properties?: Record<string, JsonSchema>; required?: string[] } | undefined;
  const inBody = Object.entries(body?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'body',
    required: body?.required?.includes(name) === true,
    schema,
  }));
  return [...(operation.parameters as Parameter[]), ...inBody];
}

function typeOf(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return schema.$ref.split('/').at(-1) ?? '';
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ');
  if (Array.isArray(schema.anyOf)) return [...new Set(schema.anyOf.map((each: JsonSchema) => typeOf(each)))].join(' | ');
  if (schema.type === 'array') return `${typeOf((schema.items ?? {}) as JsonSchema)}[]`;
  return schema.type === undefined ? 'any' : String(schema.type);
}

function errorTable(): string {
  const rows = (Object.keys(ERRORS) as ErrorCode[]).map((name) => [
    `<code id="error-${name}">${name}</code>`,
    String(ERRORS[name].status),
    escapeHtml(ERRORS[name].sentence),
    escapeHtml(ERRORS[name].action),
  ]);
  return table(['code', 'status', 'what happened', 'what to do'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string => `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table>${cells('th', head)}${rows.map((row) => cells('td', row)).join('')}</table>`;
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
