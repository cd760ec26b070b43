/** Figures as people read them. Every one of them is set in tabular figures (class `num`). */

const CENTS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PLAIN = new Intl.NumberFormat('en-US');

/** `$1.84`; `<$0.01` for what is more than nothing; a dash when the price of a call is not known. */
export function money(usd: number | null): string {
  if (usd === null) return '–';
  if (usd > 0 && usd < 0.01) return '<$0.01';
  return CENTS.format(usd);
}

/** `$1.84 of $5.00`, or the sum alone where no limit is set. */
export function moneyOf(usd: number | null, cap: number | null): string {
  return cap === null ? money(usd) : `${money(usd)} of ${money(cap)}`;
}

/** `5s`, `4m 12s`, `1h 24m`, `3d 4h`. Milliseconds; negative counts as zero. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${String(minutes % 60).padStart(2, '0')}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** `812`, `28.4 k`, `3.54 M`. */
export function tokens(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_500) return `${significant(count / 1000)} k`;
  return `${significant(count / 1_000_000)} M`;
}

function significant(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** `1,284`. */
export function whole(count: number): string {
  return PLAIN.format(count);
}

/** `now`, `38 s ago`, `6 min ago`, `3 h ago`, `2 d ago`. */
export function ago(atMs: number, nowMs: number): string {
  const seconds = Math.floor((nowMs - atMs) / 1000);
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

// Made once: to make one costs a hundred times what it costs to use it, and lists show a time in every row.
const CLOCK = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', hour12: false });
const DAY_AND_CLOCK = new Intl.DateTimeFormat([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });

/** `13:48` in the person's own time; empty for what is no time. */
export function clockTime(iso: string): string {
  return formatted(CLOCK, iso);
}

/** `Nov 25, 13:48`. */
export function dateTime(iso: string): string {
  return formatted(DAY_AND_CLOCK, iso);
}

function formatted(format: Intl.DateTimeFormat, iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? '' : format.format(at);
}

/** `4.20 kB`, `1.30 MB`, `83.3 GB`: powers of 1000. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 999_500) return `${significant(count / 1000)} kB`;
  if (count < 999_500_000) return `${significant(count / 1_000_000)} MB`;
  return `${significant(count / 1_000_000_000)} GB`;
}

/** The middle of a long path is left out: `src/…/session-store.ts`. The file's name stays whole while it fits. */
export function cutPath(path: string, most: number): string {
  if (path.length <= most) return path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.length + 2 >= most) return `…${name.slice(-(most - 1))}`;
  return `${path.slice(0, most - name.length - 2)}…/${name}`;
}

/** The words of a record's name: `cost_exceeded` → `Cost exceeded`. */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The first 8 characters of an id, as the command line shows it. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
