/** Models by family: each family has one colour, in every chart and theme, never by rank. */

export interface Family {
  readonly id: string;
  readonly label: string;
  /** A value for `fill` and `background`. */
  readonly colour: string;
}

const OTHER: Family = { id: 'other', label: 'Other', colour: 'var(--series-codex)' };
/** From the bottom of a stack upwards: the dearer first. */
export const FAMILIES: readonly Family[] = [
  { id: 'opus', label: 'Opus', colour: 'var(--series-opus)' },
  { id: 'sonnet', label: 'Sonnet', colour: 'var(--series-sonnet)' },
  { id: 'haiku', label: 'Haiku', colour: 'var(--series-haiku)' },
  OTHER,
];

/** The name of a model is text from outside: only these words in it mean something. */
export function familyOf(model: string): Family {
  const name = model.toLowerCase();
  return FAMILIES.find(({ id }) => name.includes(id)) ?? OTHER;
}
