/** Input fields that several operations share. */
import { z } from 'zod';

/** Id of a run, or a unique prefix of it. */
export const RunRef = z.string().regex(/^[0-9a-f]{1,32}$/, 'an id is made of the digits 0-9 and a-f');
/** Name or id of a project. */
export const ProjectRef = z.string().min(1).max(128);
export const WorkspaceRef = z.string().min(1).max(128);
export const BranchRef = z.string().min(1).max(250);
/** Numbers and booleans arrive as text in a query. */
export const QueryInt = z.coerce.number().int();
export const QueryBool = z.union([z.boolean(), z.stringbool()]);
export const Limit = QueryInt.min(1).max(500).default(50);
export const Cursor = z.string().max(500).optional();

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

/** Path of a file inside a repository: no root, no `.` or `..`, no empty part, no NUL. */
export const RepositoryPath = z
  .string()
  .min(1)
  .max(4096)
  .refine(isInsideRepository, 'a path inside the repository, without empty parts, "." and ".."');

function isInsideRepository(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

export const Done = z.object({ done: z.literal(true) });

/** The service counts the bytes and answers with the catalogue's own error; this only bounds the parser. */
export const Prompt = z.string().max(2_000_000);
/** Ids of attachments. */
export const ImageIds = z
  .array(z.string().regex(/^[0-9a-f]{64}$/))
  .max(20)
  .default([]);
export const RunInput = z.strictObject({ run: RunRef });

/** A field of a query that may come once or several times. */
export function repeated<T extends z.ZodType>(item: T) {
  return z.union([z.array(item), item.transform((one) => [one])]).optional();
}
