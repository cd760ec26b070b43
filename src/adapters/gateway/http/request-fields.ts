/**
 * Reads what the gateway decides by from a request. The body itself goes on untouched. What is not valid JSON further inside
 * is the provider's to refuse; here it must only be impossible that a valid document means one thing to us and another to
 * the provider.
 */
import { type Cursor, Invalid, members, readValue, skipSpace, skipValue } from './json-cursor.ts';
import { type Content, readMessages } from './request-content.ts';
import { readTools } from './request-tools.ts';

export interface RequestFields {
  readonly model: string;
  /** Null: the request does not say. */
  readonly maxOutputTokens: number | null;
  readonly fast: boolean;
  readonly usOnly: boolean;
  readonly images: number;
  /** Bytes of images in it, in base64. */
  readonly dataBytes: number;
  /** What the provider would run or fetch by itself: out of reach of the run's egress rules, and billed apart. */
  readonly unseen: readonly string[];
}

export type FieldsResult = { kind: 'read'; fields: RequestFields } | { kind: 'invalid'; why: string };

const WANTED = new Set(['model', 'max_tokens', 'speed', 'inference_geo']);
/** Servers and containers that the provider would reach or run for the request. */
const AT_THE_PROVIDER = new Set(['mcp_servers', 'container']);
const MAX_MODEL_LENGTH = 200;
const MAX_VALUE_BYTES = 1_024;

/** The wanted fields of the outermost object. One that comes twice is refused: readers differ in which of them counts. */
function readDocument(cursor: Cursor, content: Content): Map<string, unknown> {
  const found = new Map<string, unknown>();
  members(cursor, (key) => {
    if (key === 'messages') return readMessages(cursor, content);
    if (key === 'tools') return readTools(cursor, content.unseen);
    if (AT_THE_PROVIDER.has(key)) {
      if (!isEmpty(readValue(cursor, MAX_VALUE_BYTES))) content.unseen.add(`"${key}"`);
      return;
    }
    if (!WANTED.has(key)) return skipValue(cursor);
    if (found.has(key)) throw new Invalid(`"${key}" is given twice`);
    found.set(key, readValue(cursor, MAX_VALUE_BYTES));
  });
  skipSpace(cursor);
  if (cursor.at !== cursor.body.length) throw new Invalid('something follows the JSON object');
  return found;
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

export function readRequestFields(body: Buffer): FieldsResult {
  const content: Content = { images: 0, imageBytes: 0, unseen: new Set() };
  try {
    const found = readDocument({ body, at: 0 }, content);
    const model = found.get('model');
    const maxTokens = found.get('max_tokens');
    if (typeof model !== 'string' || model === '' || model.length > MAX_MODEL_LENGTH) throw new Invalid('"model" is missing');
    return {
      kind: 'read',
      fields: {
        model,
        maxOutputTokens: typeof maxTokens === 'number' && Number.isSafeInteger(maxTokens) && maxTokens >= 0 ? maxTokens : null,
        fast: found.get('speed') === 'fast',
        usOnly: found.get('inference_geo') === 'us',
        images: content.images,
        dataBytes: content.imageBytes,
        unseen: [...content.unseen],
      },
    };
  } catch (error) {
    if (error instanceof Invalid) return { kind: 'invalid', why: error.message };
    throw error;
  }
}
