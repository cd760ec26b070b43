/** `{{ name }}` in prompts and verify commands of a formula. */

const USE = /\{\{([^{}\n]*)\}\}/g;
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

export interface Use {
  readonly name: string;
  /** Offset of the opening braces. */
  readonly offset: number;
}

/** Every use, in order; also of what is no name. */
export function usesOf(template: string): Use[] {
  return [...template.matchAll(USE)].map((match) => ({ name: (match[1] ?? '').trim(), offset: match.index }));
}

/** Values are put in as they are, and not looked at again: a value that holds `{{x}}` stays text. A name without a value stays as written. */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(USE, (whole, name: string) => values.get(name.trim()) ?? whole);
}
