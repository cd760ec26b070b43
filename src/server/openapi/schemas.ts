/** The contract's schemas as JSON Schema (2020-12), with the resources as shared components. */
import { z } from 'zod';
import { ERRORS } from '../../contract/errors.ts';
import * as resources from '../../contract/resources.ts';

export type JsonSchema = Record<string, unknown>;

/** `RunSchema` becomes the component `Run`. */
const names = z.registry<{ id: string }>();
for (const [exported, schema] of Object.entries(resources)) {
  if (exported.endsWith('Schema') && schema instanceof z.ZodObject) names.add(schema, { id: exported.slice(0, -'Schema'.length) });
}

/** Collects the components that the schemas of a document refer to. */
export class Components {
  readonly schemas: Record<string, JsonSchema> = { Problem: problemSchema() };

  input(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'input');
  }

  output(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, 'output');
  }

  #convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const converted = z.toJSONSchema(schema, { io, metadata: names, unrepresentable: 'any', target: 'draft-2020-12' });
    const { $schema: _dialect, $defs, ...own } = relocate(converted) as JsonSchema;
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) {
      const { id: _id, $id: _absolute, ...shape } = definition;
      this.schemas[name] ??= shape;
    }
    const { id, $id: _absolute, ...shape } = own;
    if (typeof id !== 'string') return shape;
    this.schemas[id] ??= shape;
    return { $ref: `#/components/schemas/${id}` };
  }
}

/** References point into the document instead of the single schema. */
function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== '$ref' || typeof inner !== 'string') return [key, relocate(inner)];
      return [key, inner.replace('#/$defs/', '#/components/schemas/')];
    }),
  );
}

function problemSchema(): JsonSchema {
  const text = { type: 'string' };
  return {
    type: 'object',
    description: 'A failure (RFC 9457).',
    required: ['type', 'title', 'status', 'detail', 'code', 'action', 'instance', 'retryable', 'params'],
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: text,
      status: { type: 'integer' },
      detail: { ...text, description: 'What happened.' },
      code: { enum: Object.keys(ERRORS), description: 'Stable name of the failure.' },
      action: { ...text, description: 'What can be done about it.' },
      instance: { type: 'string', format: 'uri', description: 'This occurrence; the log of the server carries the same id.' },
      retryable: { type: 'boolean' },
      params: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
      errors: { type: 'array', items: { type: 'object', required: ['pointer', 'detail'], properties: { pointer: text, detail: text } } },
    },
  };
}
