/**
 * Paths of a repository are bytes. Shown and sent they are text: valid UTF-8 as it is, anything else quoted in the way git quotes
 * paths (`"caf\351"`). A path that itself starts with a quote is quoted too, so that the text always leads back to the bytes.
 */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function pathToText(bytes: Uint8Array): string {
  try {
    const text = decoder.decode(bytes);
    if (!text.startsWith('"')) return text;
  } catch {
    // Not UTF-8: quoted below.
  }
  let quoted = '"';
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) quoted += `\\${String.fromCharCode(byte)}`;
    else if (byte < 0x20 || byte >= 0x7f) quoted += `\\${byte.toString(8).padStart(3, '0')}`;
    else quoted += String.fromCharCode(byte);
  }
  return `${quoted}"`;
}

export function textToPath(text: string): Uint8Array {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return encoder.encode(text);
  const bytes: number[] = [];
  const inner = text.slice(1, -1);
  for (let at = 0; at < inner.length; at += 1) {
    const octal = /^\\([0-7]{3})/.exec(inner.slice(at, at + 4))?.[1];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
      at += 3;
    } else {
      if (inner[at] === '\\') at += 1;
      bytes.push(...encoder.encode(inner[at] ?? ''));
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * A pathspec (`:(top,glob)…`) that matches these bytes and can be passed as an argument: arguments are text, so a byte that is
 * not UTF-8 becomes a wildcard for one character.
 */
export function pathspecOf(bytes: Uint8Array): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    // Only ASCII is kept when the whole is not UTF-8.
    text = Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\uFFFD')).join('');
  }
  return `:(top,glob)${text.replace(/[\\*?[\]]/g, '\\$&').replaceAll('\uFFFD', '?')}`;
}
