/**
 * What a program printed, as runs of text with a look: colours and weights of SGR sequences become names, every other control sequence is
 * left out, a line that was written over shows what it said last. Pure; the text is data and stays text.
 */

export interface AnsiStyle {
  /** One of eight, light or not; null: as the ground wants it. Palette and true colours take the nearest of them. */
  readonly colour: AnsiColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  /** A ground of its own, whatever colour it had. */
  readonly marked: boolean;
}
export type AnsiColour = 'grey' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

export interface AnsiRun extends AnsiStyle {
  readonly text: string;
}

const PLAIN: AnsiStyle = { colour: null, bold: false, dim: false, italic: false, underline: false, marked: false };
const COLOURS: readonly AnsiColour[] = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

const ESC = String.fromCharCode(0x1b);
const BELL = String.fromCharCode(0x07);
const CSI = String.fromCharCode(0x9b);
const SEQUENCE = new RegExp(
  [
    `(?:${ESC}\\[|${CSI})([0-?]*)[ -/]*([@-~])`,
    // Titles, links and the like: until their end, or as far as they go.
    `${ESC}[\\]PX^_][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-Z\\\\^-~]`,
  ].join('|'),
  'g',
);
const CONTROLS = /(?![\t\r])\p{Cc}/gu;
const CONTROLS_IN_TEXT = /(?![\t\n])\p{Cc}/gu;

/** Lines of runs. Neighbouring text of one look is one run; an empty line has none. */
export function ansiLines(text: string): AnsiRun[][] {
  const lines: AnsiRun[][] = [];
  let style = PLAIN;
  for (const line of text.split('\n')) {
    const runs: AnsiRun[] = [];
    // What follows the last return of the carriage is what stands there; looks set before it stay in force.
    const overwritten = line.replace(/\r+$/, '').lastIndexOf('\r');
    let at = 0;
    const add = (piece: string, from: number): void => {
      const seen = from + piece.length <= overwritten ? '' : piece.slice(Math.max(0, overwritten + 1 - from));
      const clean = seen.replace(CONTROLS, '').replaceAll('\r', '');
      if (clean !== '') runs.push({ ...style, text: clean });
    };
    for (const found of line.matchAll(SEQUENCE)) {
      add(line.slice(at, found.index), at);
      at = found.index + found[0].length;
      const [, parameters = '', final] = found;
      if (final === 'm') style = styled(style, parameters);
    }
    add(line.slice(at), at);
    lines.push(merged(runs));
  }
  return lines;
}

/** Without any look: for what is copied, searched, or set in a single line. */
export function withoutAnsi(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(SEQUENCE, '').replace(CONTROLS_IN_TEXT, '');
}

function merged(runs: readonly AnsiRun[]): AnsiRun[] {
  const out: AnsiRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last !== undefined && (Object.keys(PLAIN) as (keyof AnsiStyle)[]).every((name) => last[name] === run[name])) {
      out[out.length - 1] = { ...last, text: last.text + run.text };
    } else out.push(run);
  }
  return out;
}

function styled(before: AnsiStyle, parameters: string): AnsiStyle {
  let style = before;
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { colour, used } = extended(codes.slice(at + 1));
      at += used;
      style = code === 38 ? { ...style, colour } : { ...style, marked: true };
    } else style = { ...style, ...simple(code) };
  }
  return style;
}

function simple(code: number): Partial<AnsiStyle> {
  if (code === 0) return PLAIN;
  if (code >= 30 && code <= 37) return { colour: COLOURS[code - 30] ?? null };
  if (code >= 90 && code <= 97) return { colour: COLOURS[code - 90] ?? null };
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107) || code === 7) return { marked: true };
  switch (code) {
    case 1:
      return { bold: true };
    case 2:
      return { dim: true };
    case 3:
      return { italic: true };
    case 4:
      return { underline: true };
    case 22:
      return { bold: false, dim: false };
    case 23:
      return { italic: false };
    case 24:
      return { underline: false };
    case 27:
    case 49:
      return { marked: false };
    case 39:
      return { colour: null };
    default:
      return {};
  }
}

/** `5;n` and `2;r;g;b`: the nearest of the eight. */
function extended(rest: readonly number[]): { colour: AnsiColour | null; used: number } {
  const [mode = 0, one = 0, two = 0, three = 0] = rest;
  if (mode === 2) return { colour: nearest(one, two, three), used: 4 };
  if (mode !== 5) return { colour: null, used: 1 };
  if (one < 16) return { colour: COLOURS[one % 8] ?? null, used: 2 };
  if (one >= 232) return { colour: one < 250 ? 'grey' : 'white', used: 2 };
  const cube = one - 16;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  return { colour: nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), used: 2 };
}

function nearest(red: number, green: number, blue: number): AnsiColour {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  if (most - least < 40) return most > 200 ? 'white' : 'grey';
  const half = (most + least) / 2;
  const bits = (red > half ? 1 : 0) | (green > half ? 2 : 0) | (blue > half ? 4 : 0);
  return COLOURS[bits] ?? 'grey';
}
