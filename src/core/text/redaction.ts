/** Takes secrets out of text before anything is written or shown. */
import { multiMatcher } from './multi-match.ts';
import { SHORTEST_SECRET, secretForms } from './secret-forms.ts';
import { LONGEST_SEEN, TOKEN_CHARACTER, tokenShapes } from './token-shapes.ts';

export const REDACTED = '[redacted]';
/** Characters that a stream holds back at most: longer than a private key, short enough to look at again with each chunk. */
const MOST_HELD = 16_384;
/** Characters still held back when there are too many, so that a value that begins there is seen whole. */
const LEAST_HELD = 512;

/** The first line of a private key holds spaces. */
const KEY_LINE = '-----BEGIN ';
const LONGEST_KEY_LINE = 80;

export interface Redactor {
  redact(text: string): string;
  /** For text that comes in chunks, cut anywhere. Together the pieces hold no secret; the end of a chunk may come out with the next. */
  stream(): RedactionStream;
}

export interface RedactionStream {
  push(chunk: string): string;
  end(): string;
}

interface Span {
  from: number;
  to: number;
}

/** Known values in all their forms (see `secretForms`) and the shapes of common tokens. Values under 8 characters are left alone. */
export function redactor(secrets: readonly string[]): Redactor {
  const forms = new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(secretForms));
  const matcher = multiMatcher([...forms]);
  const longest = Math.max(0, ...[...forms].map((form) => form.length));

  /** Known values, in order of their ends, and how much of the end may begin another. */
  function known(text: string): { spans: Span[]; open: number } {
    const spans: Span[] = [];
    if (forms.size === 0) return { spans, open: 0 };
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      state = matcher.next(state, text.charCodeAt(at));
      const length = matcher.matched(state);
      if (length > 0) spans.push({ from: at + 1 - length, to: at + 1 });
    }
    return { spans, open: matcher.depth(state) };
  }

  function find(text: string): { spans: Span[]; open: number } {
    const { spans, open } = known(text);
    const shapes = tokenShapes();
    for (let match = shapes.exec(text); match !== null; match = shapes.exec(text)) {
      const end = match.index + match[0].length;
      // The search goes on behind the whole token: looking at its rest again and again would take quadratic time.
      shapes.lastIndex = match[0].length >= LONGEST_SEEN ? afterToken(text, end) : end;
      spans.push({ from: match.index, to: shapes.lastIndex });
    }
    return { spans: merged(spans), open };
  }

  return {
    redact: (text) => replaced(text, find(text).spans),
    stream: () => redactionStream(find, Math.max(longest, LEAST_HELD), Math.max(2 * longest, MOST_HELD)),
  };
}

function redactionStream(find: (text: string) => { spans: Span[]; open: number }, least: number, most: number): RedactionStream {
  let held = '';
  /** A token reached the end of what was given out: its rest is dropped. */
  let swallowing = false;
  return {
    push(chunk) {
      held += swallowing ? chunk.slice(afterToken(chunk, 0)) : chunk;
      swallowing = swallowing && held === '';
      if (held === '') return '';
      const { spans, open } = find(held);
      const last = spans.at(-1);
      const unfinished = last !== undefined && mayGoOn(held, last);
      let cut = settled(held, spans, Math.min(held.length - open, unfinished ? last.from : held.length));
      if (held.length - cut > most) {
        cut = held.length - least;
        if (last !== undefined && unfinished && last.from < cut) {
          cut = held.length;
          swallowing = true;
        }
        cut = spans.find((span) => span.from < cut && span.to > cut)?.to ?? cut;
      }
      const out = replaced(
        held.slice(0, cut),
        spans.filter((span) => span.to <= cut),
      );
      held = held.slice(cut);
      return out;
    },
    end() {
      const out = replaced(held, find(held).spans);
      held = '';
      swallowing = false;
      return out;
    },
  };
}

/** The last place up to `most` that is no middle of a span and keeps together what one shape may match, with the word that announces it. */
function settled(text: string, spans: readonly Span[], most: number): number {
  for (let cut = most; ; ) {
    const crossed = spans.find((span) => span.from < cut && span.to > cut);
    const next = boundary(text.slice(0, crossed?.from ?? cut));
    if (next === cut) return cut;
    cut = next;
  }
}

/** Place after the last white space: a token cannot reach over it, except after the word that announces one. */
function boundary(text: string): number {
  let at = text.length;
  while (at > 0 && !isSpace(text.charCodeAt(at - 1))) at -= 1;
  let word = at;
  while (word > 0 && at - word < 4 && isSpace(text.charCodeAt(word - 1))) word -= 1;
  const before = text.slice(Math.max(0, word - 6), word).toLowerCase();
  const key = text.lastIndexOf(KEY_LINE);
  if (key >= 0 && text.length - key < LONGEST_KEY_LINE) return Math.min(at, key);
  if (before === 'bearer') return word - 6;
  return before.endsWith('basic') ? word - 5 : at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function afterToken(text: string, from: number): number {
  let at = from;
  while (at < text.length && TOKEN_CHARACTER.test(text.charAt(at))) at += 1;
  return at;
}

/** Whether more text could make the match longer: it touches the end, or its closing line may have begun there. */
function mayGoOn(text: string, span: Span): boolean {
  if (span.to === text.length) return true;
  return text.length - span.to < LONGEST_KEY_LINE && text.startsWith(KEY_LINE, span.from) && !text.startsWith('-----', span.to - 5);
}

function merged(spans: Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans.sort((one, other) => one.from - other.from || other.to - one.to)) {
    const last = out.at(-1);
    if (last !== undefined && span.from < last.to) last.to = Math.max(last.to, span.to);
    else out.push({ ...span });
  }
  return out;
}

function replaced(text: string, spans: readonly Span[]): string {
  let out = '';
  let from = 0;
  for (const span of spans) {
    out += text.slice(from, span.from) + REDACTED;
    from = span.to;
  }
  return from === 0 ? text : out + text.slice(from);
}
