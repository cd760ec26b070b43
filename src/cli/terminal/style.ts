/** Colours, where they are wanted. */
import type { TextOutput } from '../io.ts';

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], cyan: [36, 39] } as const;
export type Paint = keyof typeof CODES;
export type Style = (paint: Paint | null, text: string) => string;

/** NO_COLOR (any value, see no-color.org) wins over FORCE_COLOR; without either only a terminal gets colours. */
export function styleFor(output: TextOutput, environment: Readonly<Record<string, string | undefined>>): Style {
  return coloursWanted(output, environment) ? paintText : (_paint, text) => text;
}

function coloursWanted(output: TextOutput, environment: Readonly<Record<string, string | undefined>>): boolean {
  if ((environment.NO_COLOR ?? '') !== '') return false;
  const force = environment.FORCE_COLOR;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return output.isTerminal && environment.TERM !== 'dumb';
}

function paintText(paint: Paint | null, text: string): string {
  if (paint === null || text === '') return text;
  const [on, off] = CODES[paint];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
