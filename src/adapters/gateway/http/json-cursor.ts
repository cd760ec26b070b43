/**
 * Walks over a JSON document without building it: bodies of long sessions have megabytes. What is skipped is not checked any
 * further than its frame needs; that is the provider's to refuse.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
export const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const MAX_KEY_BYTES = 256;

/** The document cannot be read, or could mean one thing here and another to the provider. */
export class Invalid extends Error {}

export interface Cursor {
  readonly body: Buffer;
  at: number;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function skipSpace(cursor: Cursor): void {
  while (isSpace(cursor.body[cursor.at])) cursor.at += 1;
}

function expectByte(cursor: Cursor, byte: number): void {
  skipSpace(cursor);
  if (cursor.body[cursor.at] !== byte) throw new Invalid('the body is not valid JSON');
  cursor.at += 1;
}

/** From the opening quote to behind the closing one. */
function skipString(cursor: Cursor): void {
  const { body } = cursor;
  let quote = cursor.at;
  for (;;) {
    quote = body.indexOf(QUOTE, quote + 1);
    if (quote < 0) throw new Invalid('the body ends inside a string');
    let back = quote - 1;
    while (body[back] === BACKSLASH) back -= 1;
    if ((quote - back) % 2 === 1) break;
  }
  cursor.at = quote + 1;
}

/** A value of any kind, whatever is nested in it. */
export function skipValue(cursor: Cursor): void {
  skipSpace(cursor);
  const { body } = cursor;
  const start = cursor.at;
  let depth = 0;
  while (cursor.at < body.length) {
    const byte = body[cursor.at];
    if (byte === QUOTE) {
      skipString(cursor);
      if (depth === 0) return;
      continue;
    }
    const ends = byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || isSpace(byte);
    if (depth === 0 && cursor.at > start && ends) return;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth < 0) throw new Invalid('the body is not valid JSON');
    }
    cursor.at += 1;
    if (depth === 0 && (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY)) return;
  }
  throw new Invalid('the body ends too early');
}

/** The value from here on, if it has at most that many bytes, else undefined. */
export function readValue(cursor: Cursor, maxBytes: number): unknown {
  skipSpace(cursor);
  const start = cursor.at;
  skipValue(cursor);
  return decoded(cursor.body, start, cursor.at, maxBytes);
}

function decoded(body: Buffer, from: number, to: number, maxBytes: number): unknown {
  if (to - from > maxBytes) return undefined;
  try {
    return JSON.parse(body.toString('utf8', from, to));
  } catch {
    // The piece lies within a document that claimed to be JSON: the whole is refused.
    throw new Invalid('the body is not valid JSON');
  }
}

/** What the value from here on begins with. */
export function firstByte(cursor: Cursor): number | undefined {
  skipSpace(cursor);
  return cursor.body[cursor.at];
}

/** Calls `visit` at each value of the object; it must move the cursor behind that value. Keys too long to matter come as ''. */
export function members(cursor: Cursor, visit: (key: string) => void): void {
  sequence(cursor, OPEN_OBJECT, CLOSE_OBJECT, () => {
    skipSpace(cursor);
    const start = cursor.at;
    if (cursor.body[start] !== QUOTE) throw new Invalid('the body is not valid JSON');
    skipString(cursor);
    const key = decoded(cursor.body, start, cursor.at, MAX_KEY_BYTES);
    expectByte(cursor, COLON);
    skipSpace(cursor);
    visit(typeof key === 'string' ? key : '');
  });
}

/** Calls `visit` at each element of the array; it must move the cursor behind that element. */
export function elements(cursor: Cursor, visit: () => void): void {
  sequence(cursor, OPEN_ARRAY, CLOSE_ARRAY, () => {
    skipSpace(cursor);
    visit();
  });
}

function sequence(cursor: Cursor, open: number, close: number, visit: () => void): void {
  expectByte(cursor, open);
  if (firstByte(cursor) === close) {
    cursor.at += 1;
    return;
  }
  for (;;) {
    visit();
    const next = firstByte(cursor);
    cursor.at += 1;
    if (next === close) return;
    if (next !== COMMA) throw new Invalid('the body is not valid JSON');
  }
}
