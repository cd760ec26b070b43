/** JSON for standard output: the same value, but nothing in it can steer a terminal. */

/** Control characters that `JSON.stringify` leaves as they are, and the ones that turn the direction of text. */
const STEERING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(STEERING, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
