/** Parses YAML into a tree that knows the place of each of its parts. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Fault, Located, LocatedEntry, Place } from '../../../core/formula/located.ts';

/** A formula is written by people: what is larger is no formula. */
export const MOST_BYTES = 256 * 1024;
const DEEPEST = 20;
const MOST_FAULTS = 20;

/**
 * The first document of the text, or the faults of its syntax. Anchors and aliases are refused: a formula needs none, and they can make a
 * small file endless.
 */
export function locate(text: string): { document: Located } | { faults: readonly Fault[] } {
  if (Buffer.byteLength(text) > MOST_BYTES)
    return { faults: [{ line: 1, column: 1, message: `A formula has at most ${MOST_BYTES / 1024} KiB.` }] };
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2', schema: 'core' });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults: Fault[] = parsed.errors
    .slice(0, MOST_FAULTS)
    .map((error) => ({ ...placeOf(error.pos[0]), message: firstLine(error.message) }));
  const located = (node: Node | null | undefined, at: Place, depth: number): Located => {
    const place = node?.range == null ? at : placeOf(node.range[0]);
    if (depth > DEEPEST) return refused(place, `Nested more than ${DEEPEST} deep.`);
    if (node === null || node === undefined) return { at: place, kind: 'scalar', value: null };
    if ('anchor' in node && node.anchor !== undefined) return refused(place, 'Anchors and aliases are not taken in formulas.');
    if (isMap<Node, Node | null>(node)) {
      const entries = node.items.map((pair): LocatedEntry => {
        const keyAt = pair.key.range == null ? place : placeOf(pair.key.range[0]);
        return { key: isScalar(pair.key) ? String(pair.key.value) : '', keyAt, value: located(pair.value, keyAt, depth + 1) };
      });
      return { at: place, kind: 'map', entries };
    }
    if (isSeq<Node>(node)) return { at: place, kind: 'list', items: node.items.map((item) => located(item, place, depth + 1)) };
    if (isScalar(node)) return { at: textPlace(node.type, place), kind: 'scalar', value: scalar(node.value) };
    return refused(place, 'Anchors and aliases are not taken in formulas.');
  };
  const refused = (at: Place, message: string): Located => {
    faults.push({ ...at, message });
    return { at, kind: 'scalar', value: null };
  };
  const document = located(parsed.contents as Node | null, { line: 1, column: 1 }, 0);
  return faults.length > 0 ? { faults: faults.slice(0, MOST_FAULTS) } : { document };
}

/** The text of a block begins in the line behind its mark. */
function textPlace(type: string | undefined, at: Place): Place {
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' ? { line: at.line + 1, column: 1 } : at;
}

function scalar(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : String(value);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
