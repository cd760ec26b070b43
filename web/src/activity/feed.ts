/** The rows of the feed: events newest first, with a heading where a new day begins. Pure. */
import type { GluonEvent } from '../../../src/contract/resources.ts';

export type FeedRow =
  | { readonly kind: 'day'; readonly key: string; readonly label: string }
  | { readonly kind: 'event'; readonly key: string; readonly event: GluonEvent };

/** Live events and pages overlap: each event once, whatever the order in which they came. */
export function mergeEvents(live: readonly GluonEvent[], pages: readonly GluonEvent[]): GluonEvent[] {
  const byId = new Map<number, GluonEvent>();
  for (const event of [...pages, ...live]) byId.set(event.id, event);
  return [...byId.values()].sort((left, right) => right.id - left.id);
}

export function feedRows(events: readonly GluonEvent[], nowMs: number): FeedRow[] {
  const rows: FeedRow[] = [];
  let last = '';
  for (const event of events) {
    const label = dayLabel(event.at, nowMs);
    if (label !== last) rows.push({ kind: 'day', key: `day-${label}`, label });
    last = label;
    rows.push({ kind: 'event', key: String(event.id), event });
  }
  return rows;
}

/** The day in the person's own time. */
function dayLabel(at: string, nowMs: number): string {
  const date = new Date(at);
  const days = Math.round((startOfDay(new Date(nowMs)) - startOfDay(date)) / (24 * 60 * 60 * 1000));
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return date.toLocaleDateString('en-US', { weekday: 'short', month: 'short', day: 'numeric', year: days > 180 ? 'numeric' : undefined });
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
