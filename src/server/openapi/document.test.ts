import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../contract/errors.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../contract/operations.ts';
import { openApiDocument } from './document.ts';
import { descriptionPage, PAGE_CSP } from './page.ts';

const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3')));

interface Described {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: { properties: object } }> };
  responses: Record<string, { description: string }>;
  security?: object[];
}

function walk(value: unknown, visit: (object: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>);
  for (const inner of Object.values(value)) walk(inner, visit);
}

function resolve(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce((at: unknown, part) => (at as Record<string, unknown> | undefined)?.[part], document);
}

describe('the OpenAPI document', () => {
  it('is a 3.1 document', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Gluon', version: '1.2.3' });
    expect(document.components.securitySchemes.token).toMatchObject({ type: 'http', scheme: 'bearer' });
  });

  it('resolves every reference, and refers to the resources', () => {
    const references = new Set<string>();
    walk(document, (object) => {
      if (typeof object.$ref === 'string') references.add(object.$ref);
    });
    for (const reference of references) expect(resolve(reference), reference).toBeTypeOf('object');
    for (const name of ['Run', 'Project', 'Question', 'Problem']) expect(references).toContain(`#/components/schemas/${name}`);
  });

  it('keeps nothing that only a single schema knows', () => {
    walk(document, (object) => {
      expect(object).not.toHaveProperty('$defs');
      expect(object).not.toHaveProperty('$schema');
      expect(object).not.toHaveProperty('$id');
    });
  });

  it.each(OPERATION_NAMES)('describes %s with all its fields, its answer and its failures', (name) => {
    const operation = OPERATIONS[name];
    const described: Described = document.paths[operation.path.replaceAll('*}', '}')][operation.method.toLowerCase()];
    expect(described.operationId).toBe(name);
    const inPath = [...operation.path.matchAll(/\{(\w+)\*?\}/g)].map((match) => match[1]);
    expect(described.parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(inPath);
    expect(described.parameters.every((each) => each.in !== 'path' || each.required)).toBe(true);
    const body = Object.keys(described.requestBody?.content['application/json']?.schema.properties ?? {});
    const fields = described.parameters.filter((each) => each.in !== 'header').map((each) => each.name);
    expect([...fields, ...body].sort()).toEqual(Object.keys(operation.input.shape).sort());
    expect(described.responses).toHaveProperty(String(('status' in operation ? operation.status : undefined) ?? 200));
    expect(described.responses).toHaveProperty('default');
    if (operation.role === 'public') expect(described.security).toEqual([]);
    else expect(described.responses).toHaveProperty('401');
  });
});

describe('the readable page', () => {
  const page = descriptionPage(openApiDocument('<script>1'));

  it('names every operation and every error', () => {
    for (const name of OPERATION_NAMES) expect(page).toContain(`<section id="${name}">`);
    for (const code of Object.keys(ERRORS)) expect(page).toContain(`id="error-${code}"`);
  });

  it('has no script, no address elsewhere, and nothing unescaped', () => {
    expect(page).not.toMatch(/<script|https?:|<img|<link|\son\w+=/i);
    expect(page).toContain('&lt;script&gt;1');
  });

  it('allows its own style alone', () => {
    expect(PAGE_CSP).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/);
  });
});
