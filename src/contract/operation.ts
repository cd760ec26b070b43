/** The shape of an operation: declared once, and REST, OpenAPI, the typed clients and the authorisation matrix derive from it. */
import type { z } from 'zod';

export const ROLES = ['public', 'viewer', 'operator', 'admin'] as const;
/** Who may call it; each role includes those before it. `public` needs no token. */
export type Role = (typeof ROLES)[number];

export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below `/api`; `{name}` is filled from the input. `{path*}` takes the rest of the path. */
  readonly path: string;
  readonly role: Role;
  /** read: changes nothing. write: changes state. destructive: takes something away. */
  readonly effect: 'read' | 'write' | 'destructive';
  readonly summary: string;
  /** Path parameters, query (GET, DELETE) and body (others) in one object. */
  readonly input: I;
  readonly output: O;
  readonly status?: 200 | 201 | 202;
  /** The output is these bytes instead of JSON: `{bytes, media_type}`. */
  readonly binary?: boolean;
  /** Input or output carries a secret: the answer is never kept for an Idempotency-Key. */
  readonly secret?: boolean;
  /** Largest body in bytes, where the default of 2 MiB is not enough. */
  readonly maxBodyBytes?: number;
}

/** Keeps the exact types of an operation. */
export function operation<I extends z.ZodObject, O extends z.ZodType>(definition: Operation<I, O>): Operation<I, O> {
  return definition;
}
