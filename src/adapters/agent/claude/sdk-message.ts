/**
 * The messages of the Claude Agent SDK as this adapter reads them. The vendor's types are not used: messages come from a program in a
 * sandbox and change weekly, so every field is looked at before it is believed.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A number of things; what cannot be one is none. */
export function countOf(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_COUNTED ? (value as number) : null;
}

const MOST_COUNTED = 1_000_000_000;

/** `system/init` and the like; `assistant` when there is no subtype. */
export function kindOf(message: Fields): string {
  const type = stringOf(message.type) ?? '?';
  const subtype = stringOf(message.subtype);
  return subtype === null ? type : `${type}/${subtype}`;
}
