/** A parsed YAML document with the place of every part of it, whatever parsed it. Lines and columns count from 1. */

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Located =
  | { readonly at: Place; readonly kind: 'map'; readonly entries: readonly LocatedEntry[] }
  | { readonly at: Place; readonly kind: 'list'; readonly items: readonly Located[] }
  | { readonly at: Place; readonly kind: 'scalar'; readonly value: string | number | boolean | null };

export interface LocatedEntry {
  readonly key: string;
  readonly keyAt: Place;
  readonly value: Located;
}

export interface Fault extends Place {
  /** What is wrong and what to write instead. */
  readonly message: string;
}
