/** The forms in which a secret may turn up in text. */

/** A shorter value would take ordinary words out of every text. */
export const SHORTEST_SECRET = 8;

/** The value itself; JSON-escaped (once, twice, with escaped slashes); percent-encoded; hex; base64 at each of the three alignments. */
export function secretForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const once = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const forms = [
    secret,
    once,
    JSON.stringify(once).slice(1, -1),
    once.replaceAll('/', '\\/'),
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll('%20', '+'),
    hex,
    hex.toUpperCase(),
  ];
  for (const offset of [0, 1, 2]) {
    const inner = base64Within(bytes, offset);
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_SECRET);
}

/** The base64 digits that depend on the bytes alone when `offset` (mod 3) other bytes stand before them and unknown ones after. */
function base64Within(bytes: Uint8Array, offset: number): string {
  let binary = '\0'.repeat(offset);
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
