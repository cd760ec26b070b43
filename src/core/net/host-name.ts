/** Host names as the egress proxy accepts them: one spelling each, so that what is checked is what is resolved. */

const MAX_NAME = 253;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Anything that some parser somewhere gives a meaning of its own: controls, space, userinfo, ports, paths, escapes, brackets. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control bytes are what it looks for
const NEVER_IN_NAME = /[\u0000-\u0020\u007f"#%/:;<>?@[\\\]^`{|}~*_,!$&'()+=]/;

/**
 * The canonical spelling: IDNA applied, lower case, no trailing dot, letters, digits and hyphens in labels (RFC 1123). Null for
 * everything else: single labels, addresses in any notation, control bytes.
 */
export function canonicalHost(text: string): string | null {
  if (text.length > MAX_NAME * 4 || NEVER_IN_NAME.test(text)) return null;
  const ascii = isAscii(text) ? text.toLowerCase() : toAscii(text);
  if (ascii === null) return null;
  const name = ascii.endsWith('.') ? ascii.slice(0, -1) : ascii;
  const labels = name.split('.');
  if (name.length > MAX_NAME || labels.length < 2 || !labels.every((label) => LABEL.test(label))) return null;
  // A last label of digits or 0x… is read as an address by browsers and C libraries (decimal, octal, hexadecimal, short forms).
  const last = labels.at(-1) ?? '';
  return /^(\d+|0x[0-9a-f]*)$/.test(last) ? null : name;
}

function isAscii(text: string): boolean {
  return [...text].every((character) => character.charCodeAt(0) < 128);
}

/** By the URL standard (UTS 46). What it maps to a separator or drops must not hide there, so the result is checked again. */
function toAscii(text: string): string | null {
  try {
    const { hostname } = new URL(`http://${text}`);
    return NEVER_IN_NAME.test(hostname) ? null : hostname;
  } catch {
    // No name that IDNA knows.
    return null;
  }
}
