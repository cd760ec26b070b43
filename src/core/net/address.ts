/** Which addresses belong to the public internet. By the special-purpose registries of IANA (RFC 6890 and its successors). */

const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Only 2000::/3 is handed out as public; inside it these are not. 2001::/23 holds Teredo, 2002::/16 is 6to4. */
const PRIVATE_V6: readonly (readonly [readonly number[], number])[] = [
  [[0x2001, 0x0000], 23],
  [[0x2001, 0x0db8], 32],
  [[0x2002, 0x0000], 16],
  [[0x3fff, 0x0000], 20],
];

/** True only for a well-formed address of the public internet. Addresses that carry a version 4 one inside (mapped, NAT64) are not. */
export function isPublicAddress(text: string): boolean {
  const v4 = parseV4(text);
  if (v4 !== null) return !PRIVATE_V4.some(([base, bits]) => samePrefix(v4, parseV4(base) ?? 0, bits));
  const v6 = parseV6(text);
  if (v6 === null) return false;
  const [first = 0, second = 0] = v6;
  if (first < 0x2000 || first > 0x3fff) return false;
  const high = first * 0x10000 + second;
  return !PRIVATE_V6.some(([[a = 0, b = 0], bits]) => samePrefix(high, a * 0x10000 + b, bits));
}

export function isAddress(text: string): boolean {
  return parseV4(text) !== null || parseV6(text) !== null;
}

function samePrefix(a: number, b: number, bits: number): boolean {
  const divisor = 2 ** (32 - bits);
  return Math.floor(a / divisor) === Math.floor(b / divisor);
}

/** Four decimal numbers without leading zeros; every other notation is refused rather than understood. */
function parseV4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function parseV6(text: string): number[] | null {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === '' ? [] : groups(half)));
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? head : null;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? null : [...head, ...Array<number>(missing).fill(0), ...tail];
}

function groups(half: string): number[] | null {
  const numbers: number[] = [];
  const parts = half.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes('.') ? parseV4(part) : null;
    if (v4 !== null) numbers.push(Math.floor(v4 / 65536), v4 % 65536);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) numbers.push(Number.parseInt(part, 16));
    else return null;
  }
  return numbers;
}
