/** The shape of an entry of the catalogue of errors. */

export interface CatalogueEntry {
  /** What happened. */
  readonly sentence: string;
  /** What the person can do about it. */
  readonly action: string;
  readonly status: number;
  /** Exit code of the CLI: 1 failed, 2 wrong use, 3 not found, 4 refused (policy, role, budget). */
  readonly exit: 1 | 2 | 3 | 4;
  readonly retryable: boolean;
}

export function entry(status: number, exit: 1 | 2 | 3 | 4, retryable: boolean, sentence: string, action: string): CatalogueEntry {
  return { status, exit, retryable, sentence, action };
}
