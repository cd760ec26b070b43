/** Untrusted text for a terminal or a log line: nothing in it may move the cursor, change a title or pretend to be another line. */

const ESC = 0x1b;
const BEL = 0x07;
const DEL = 0x7f;
/** 8-bit introducers (ECMA-48): DCS, SOS, CSI, ST, OSC, PM, APC. */
const DCS = 0x90;
const SOS = 0x98;
const CSI = 0x9b;
const ST = 0x9c;
const OSC = 0x9d;
const PM = 0x9e;
const APC = 0x9f;
/** A control string without an end must not swallow the rest of a text: beyond this it is cut off there. */
const LONGEST_STRING = 4096;

/**
 * Takes out escape sequences (CSI, OSC, DCS, APC, PM, SOS, in 7 and 8 bits), all other control characters but newline and tab, and
 * a carriage return that is not part of a line end; shows bidirectional controls as `<U+202E>`. Linear time.
 */
export function stripTerminal(text: string): string {
  let out = '';
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isPlain(code)) {
      at += 1;
      continue;
    }
    if (at > from) out += text.slice(from, at);
    if (isBidi(code)) out += named(code);
    at = afterControl(text, at, code);
    from = at;
  }
  return from === 0 ? text : out + text.slice(from);
}

function isPlain(code: number): boolean {
  if (code === 0x0a || code === 0x09) return true;
  if (code < 0x20 || (code >= DEL && code <= APC)) return false;
  return !isBidi(code);
}

/** Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX 9), and the line separators that some terminals obey. */
export function isBidi(code: number): boolean {
  return code === 0x061c || code === 0x200e || code === 0x200f || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

const names = new Map<number, string>();

/** `<U+202E>`; remembered, since a hostile text may hold millions of one character. */
export function named(code: number): string {
  let name = names.get(code);
  if (name === undefined) {
    name = `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
    names.set(code, name);
  }
  return name;
}

/** Place after the control that begins at `at`. */
function afterControl(text: string, at: number, code: number): number {
  if (code === CSI) return afterCsi(text, at + 1);
  if (isString(code)) return afterString(text, at + 1);
  if (code !== ESC) return at + 1;
  const next = text.charCodeAt(at + 1);
  if (next === 0x5b) return afterCsi(text, at + 2); // [
  // P X ] ^ _ : the 7-bit forms of the strings.
  if (next === 0x50 || next === 0x58 || next === 0x5d || next === 0x5e || next === 0x5f) return afterString(text, at + 2);
  return afterShort(text, at + 1);
}

function isString(code: number): boolean {
  return code === DCS || code === SOS || code === OSC || code === PM || code === APC;
}

/** Parameter bytes 0x30–0x3f, intermediate bytes 0x20–0x2f, one final byte 0x40–0x7e. */
function afterCsi(text: string, start: number): number {
  let at = start;
  while (at < text.length && at - start < LONGEST_STRING && between(text.charCodeAt(at), 0x20, 0x3f)) at += 1;
  return between(text.charCodeAt(at), 0x40, 0x7e) ? at + 1 : at;
}

/** Up to BEL or the string terminator; a sequence that never ends loses only its introducer and what a terminal would wait for. */
function afterString(text: string, start: number): number {
  const limit = Math.min(text.length, start + LONGEST_STRING);
  for (let at = start; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BEL || code === ST) return at + 1;
    if (code === ESC) return text.charCodeAt(at + 1) === 0x5c ? at + 2 : at;
    // No terminal string holds a line end: what follows is text again.
    if (code === 0x0a) return at;
  }
  return limit;
}

/** ESC, intermediate bytes, one final byte: such as a change of the character set. */
function afterShort(text: string, start: number): number {
  let at = start;
  while (at < text.length && at - start < 4 && between(text.charCodeAt(at), 0x20, 0x2f)) at += 1;
  return between(text.charCodeAt(at), 0x30, 0x7e) ? at + 1 : at;
}

function between(code: number, low: number, high: number): boolean {
  return code >= low && code <= high;
}
