/** Keeps secrets out of what goes back to the agent, even when the provider, or something before it, echoes them. */

export interface Redaction {
  /** What may be sent on now. A tail that could be the beginning of a secret is held back until more is known. */
  push(chunk: Buffer): Buffer;
  end(): Buffer;
}

/** Shorter values are no secrets worth the name, and would be found everywhere. */
const SHORTEST = 8;
const NOTHING = Buffer.alloc(0);
const ASTERISK = 0x2a;

export function worthHiding(secrets: readonly string[]): string[] {
  return [...new Set(secrets.filter((secret) => Buffer.byteLength(secret) >= SHORTEST))];
}

/** A secret is replaced by as many asterisks: the length of the answer stays what its header says. */
export function redaction(secrets: readonly string[]): Redaction {
  const needles = worthHiding(secrets).map((secret) => Buffer.from(secret));
  let held = NOTHING;
  return {
    push(chunk) {
      let data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      for (const needle of needles) data = blotted(data, needle);
      const keep = heldTail(data, needles);
      held = keep === 0 ? NOTHING : Buffer.from(data.subarray(data.length - keep));
      return keep === 0 ? data : data.subarray(0, data.length - keep);
    },
    end() {
      const rest = held;
      held = NOTHING;
      return rest;
    },
  };
}

function blotted(data: Buffer, needle: Buffer): Buffer {
  let at = data.indexOf(needle);
  if (at < 0) return data;
  const copy = Buffer.from(data);
  for (; at >= 0; at = copy.indexOf(needle, at + needle.length)) copy.fill(ASTERISK, at, at + needle.length);
  return copy;
}

/** Length of the longest end of the data that begins a secret. */
function heldTail(data: Buffer, needles: readonly Buffer[]): number {
  let longest = 0;
  for (const needle of needles) {
    const from = Math.max(0, data.length - needle.length + 1);
    for (let at = from; at < data.length && data.length - at > longest; at += 1) {
      if (data[at] === needle[0] && data.compare(needle, 0, data.length - at, at) === 0) longest = data.length - at;
    }
  }
  return longest;
}
