/** A zod schema in a few words, for a cell of a table. */
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** How deep objects are written out; below it they are called "object". */
const MAX_DEPTH = 1;

/** `side` says which of the two types of a schema with defaults or conversions is meant. */
export function jsonSchemaOf(schema: z.ZodType, side: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io: side, unrepresentable: 'any', reused: 'inline', cycles: 'ref' });
}

export function schemaText(schema: JsonSchema | boolean | undefined, depth = 0): string {
  if (schema === undefined || typeof schema === 'boolean') return 'anything';
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map((choice) => schemaText(choice as JsonSchema, depth)))].join(' or ');
  const types = schema.type as string | readonly string[] | undefined;
  if (Array.isArray(types)) return types.map((type) => schemaText({ ...schema, type }, depth)).join(' or ');
  switch (schema.type) {
    case 'array':
      return `list of ${schemaText(schema.items as JsonSchema, depth)}`;
    case 'object':
      return objectText(schema, depth);
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${range(schema)}`;
    case 'string':
      return schema.maxLength === undefined ? 'text' : `text up to ${schema.maxLength} characters`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    default:
      return 'anything';
  }
}

function objectText(schema: JsonSchema, depth: number): string {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) {
    const values = schema.additionalProperties;
    return values === undefined || values === false ? 'empty object' : `map to ${schemaText(values as JsonSchema, depth)}`;
  }
  if (depth >= MAX_DEPTH) return 'object';
  return `{ ${fields.map(([name, field]) => `${name}: ${schemaText(field as JsonSchema, depth + 1)}`).join('; ')} }`;
}

/** The bounds that zod puts on every whole number say nothing: they are left out. */
function range(schema: JsonSchema): string {
  const least = schema.minimum === undefined || schema.minimum <= Number.MIN_SAFE_INTEGER ? undefined : schema.minimum;
  const most = schema.maximum === undefined || schema.maximum >= Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (least !== undefined) return `, at least ${least}`;
  if (most !== undefined) return `, at most ${most}`;
  return schema.exclusiveMinimum === undefined ? '' : ` above ${schema.exclusiveMinimum}`;
}

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
