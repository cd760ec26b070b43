/** What the messages of a request hold besides text: images, and things that the provider would fetch by itself. */
import { type Cursor, elements, firstByte, Invalid, members, OPEN_ARRAY, OPEN_OBJECT, readValue, skipValue } from './json-cursor.ts';

export interface Content {
  images: number;
  /** Bytes of the images, in base64. */
  imageBytes: number;
  /** What the provider would do at our cost or in our name without our seeing it. */
  readonly unseen: Set<string>;
}

/** Messages hold blocks, results of tools hold blocks, documents hold blocks. No request of an agent is nested deeper. */
const MAX_DEPTH = 16;
const MAX_WORD_BYTES = 256;
const QUOTE = 0x22;
/** Looked for instead of the whole pattern: that would keep a way back for each of millions of bytes. */
const NOT_BASE64 = /[^A-Za-z0-9+/=]/;
const IMAGE = /^image\//;
/** Sources whose content stands in the request itself. */
const INLINE_SOURCES = new Set<unknown>(['base64', 'text', 'content']);

/** Moves the cursor over the value of `messages`. The path is exact: an image within the input of a tool is text to the model. */
export function readMessages(cursor: Cursor, content: Content): void {
  each(cursor, () =>
    ifObject(cursor, (key) => {
      if (key === 'content') readBlocks(cursor, content, 1);
      else skipValue(cursor);
    }),
  );
}

function readBlocks(cursor: Cursor, content: Content, depth: number): void {
  if (depth > MAX_DEPTH) throw new Invalid('its content is nested too deeply');
  each(cursor, () =>
    ifObject(cursor, (key) => {
      if (key === 'content') readBlocks(cursor, content, depth + 1);
      else if (key === 'source') readSource(cursor, content, depth + 1);
      else if (key === 'type') {
        const type = readValue(cursor, MAX_WORD_BYTES);
        if (type === 'container_upload') content.unseen.add('content of the type container_upload');
      } else skipValue(cursor);
    }),
  );
}

function readSource(cursor: Cursor, content: Content, depth: number): void {
  const types: unknown[] = [];
  const kinds: unknown[] = [];
  const data: { from: number; to: number }[] = [];
  ifObject(cursor, (key) => {
    if (key === 'content') return readBlocks(cursor, content, depth + 1);
    if (key === 'type') return void types.push(readValue(cursor, MAX_WORD_BYTES));
    if (key === 'media_type') return void kinds.push(readValue(cursor, MAX_WORD_BYTES));
    const from = cursor.at;
    skipValue(cursor);
    if (key === 'data') data.push({ from, to: cursor.at });
  });
  for (const type of types) {
    if (!INLINE_SOURCES.has(type)) content.unseen.add(`a source of the type ${typeof type === 'string' ? type : 'unknown'}`);
  }
  const [piece] = data;
  // A field that comes twice may mean something else to the provider: counted as text then.
  if (types.length !== 1 || kinds.length !== 1 || data.length !== 1 || piece === undefined) return;
  const [kind] = kinds;
  if (types[0] !== 'base64' || typeof kind !== 'string' || !IMAGE.test(kind)) return;
  if (!isBase64(cursor.body, piece.from, piece.to)) return;
  content.images += 1;
  content.imageBytes += piece.to - piece.from;
}

function isBase64(body: Buffer, from: number, to: number): boolean {
  return body[from] === QUOTE && !NOT_BASE64.test(body.toString('latin1', from + 1, to - 1));
}

/** Each element of a list; something else in its place is looked at as its only element. */
function each(cursor: Cursor, visit: () => void): void {
  if (firstByte(cursor) === OPEN_ARRAY) elements(cursor, visit);
  else visit();
}

function ifObject(cursor: Cursor, visit: (key: string) => void): void {
  if (firstByte(cursor) === OPEN_OBJECT) members(cursor, visit);
  else skipValue(cursor);
}
