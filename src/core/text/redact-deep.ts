/** Tool inputs are the agent's own JSON; nothing sane nests deeper. */
const MAX_DEPTH = 60;

/** Every string of a structure, at any depth, keys too; numbers, bytes and shape stay. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T {
  return walk(value, redact, 0) as T;
}

function walk(value: unknown, redact: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (depth > MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => walk(item, redact, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), walk(item, redact, depth + 1)]));
}
