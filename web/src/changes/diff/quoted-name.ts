/** Names of files as git writes them into a diff: plain, or quoted with escapes. Read into the text under which the server lists the file. */

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** `prefix`: so many characters in front (`a/`) are not part of the name. Text that is not quoted is the name itself. */
export function nameOf(text: string, prefix = 0): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  return listed(unquoted(text.slice(1, -1)).slice(prefix));
}

function unquoted(inner: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < inner.length; ) {
    const octal = /^\\([0-3][0-7]{2})/.exec(inner.slice(at, at + 4))?.[1];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
      at += 4;
    } else if (inner[at] === '\\' && at + 1 < inner.length) {
      const name = inner[at + 1] ?? '';
      bytes.push(ESCAPES[name] ?? name.charCodeAt(0));
      at += 2;
    } else {
      const point = String.fromCodePoint(inner.codePointAt(at) ?? 0);
      bytes.push(...encoder.encode(point));
      at += point.length;
    }
  }
  return Uint8Array.from(bytes);
}

/** As the server shows paths: UTF-8 as it is, anything else in quotes with octal escapes. */
function listed(bytes: Uint8Array): string {
  try {
    const text = decoder.decode(bytes);
    if (!text.startsWith('"')) return text;
  } catch {
    // Not UTF-8: quoted below, as the server does.
  }
  let quoted = '"';
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) quoted += `\\${String.fromCharCode(byte)}`;
    else if (byte < 0x20 || byte >= 0x7f) quoted += `\\${byte.toString(8).padStart(3, '0')}`;
    else quoted += String.fromCharCode(byte);
  }
  return `${quoted}"`;
}
