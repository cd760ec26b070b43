/** Which runs stand before and after one: in its column of the board, newest first. */
import type { RunCard } from '../../../src/contract/web-resources.ts';

type Placed = Pick<RunCard, 'id' | 'status' | 'created_at' | 'archived'>;

export function neighbours(all: readonly Placed[], run: Placed): { previous: string | null; next: string | null } {
  let previous: Placed | null = null;
  let next: Placed | null = null;
  for (const other of all) {
    if (other.id === run.id || other.archived || other.status !== run.status) continue;
    if (isBefore(other, run)) {
      if (previous === null || isBefore(previous, other)) previous = other;
    } else if (next === null || isBefore(other, next)) next = other;
  }
  return { previous: previous?.id ?? null, next: next?.id ?? null };
}

/** Newer runs stand first; of two that were made in the same moment the id decides. */
function isBefore(one: Placed, other: Placed): boolean {
  return one.created_at === other.created_at ? one.id > other.id : one.created_at > other.created_at;
}
