/** A line cut into pieces that are drawn alike: the colour of the token, the mark of a changed word, of something found, of the unseen. */
import type { LineTokens } from '../../ui/highlight/token-lines.ts';
import { hiddenIn } from './visible-text.ts';

/** [start, end) in UTF-16 units, in rising order, without overlap. */
export type Range = readonly [number, number];

export interface Segment {
  readonly text: string;
  /** Index into `TOKEN_CLASSES`. */
  readonly token: number;
  readonly changed: boolean;
  readonly found: boolean;
  /** Set: the piece is one character that cannot be seen, and this is its name. */
  readonly hidden: string | null;
}

export interface Marks {
  readonly tokens: LineTokens | null;
  readonly changed: readonly Range[];
  readonly found: readonly Range[];
}

export function segmentsOf(text: string, { tokens, changed, found }: Marks): Segment[] {
  const hidden = hiddenIn(text);
  const edges = new Set([0, text.length]);
  const kinds: [end: number, kind: number][] = [];
  let end = 0;
  for (let index = 0; tokens !== null && index < tokens.length; index += 2) {
    end += tokens[index] ?? 0;
    kinds.push([end, tokens[index + 1] ?? 0]);
    if (end < text.length) edges.add(end);
  }
  for (const range of [...changed, ...found]) for (const edge of range) if (edge > 0 && edge < text.length) edges.add(edge);
  for (const { at, length } of hidden) edges.add(at).add(at + length);

  const inChanged = within(changed);
  const inFound = within(found);
  const sorted = [...edges].sort((a, b) => a - b);
  const segments: Segment[] = [];
  let kind = 0;
  let unseen = 0;
  for (let index = 0; index + 1 < sorted.length; index += 1) {
    const [start = 0, stop = 0] = [sorted[index], sorted[index + 1]];
    while (kind < kinds.length && (kinds[kind]?.[0] ?? 0) <= start) kind += 1;
    while (unseen < hidden.length && (hidden[unseen]?.at ?? 0) < start) unseen += 1;
    segments.push({
      text: text.slice(start, stop),
      token: kinds[kind]?.[1] ?? 0,
      changed: inChanged(start),
      found: inFound(start),
      hidden: hidden[unseen]?.at === start ? (hidden[unseen]?.name ?? null) : null,
    });
  }
  return segments;
}

/** Asked with rising places. */
function within(ranges: readonly Range[]): (at: number) => boolean {
  let index = 0;
  return (at) => {
    while (index < ranges.length && (ranges[index]?.[1] ?? 0) <= at) index += 1;
    const range = ranges[index];
    return range !== undefined && range[0] <= at && at < range[1];
  };
}
