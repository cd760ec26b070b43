/** The language of the fake agent: one order per line of the prompt; every other line is prose and is passed over. */
import { OUTCOMES, type Outcome } from '../../../core/run/outcome.ts';

export type Order =
  | { kind: 'write'; file: string; text: string }
  | { kind: 'commit'; message: string }
  | { kind: 'run'; command: string }
  | { kind: 'say'; text: string }
  | { kind: 'think'; text: string }
  | { kind: 'ask'; many: boolean; header: string; question: string; options: string[] }
  | { kind: 'sleep'; ms: number }
  | { kind: 'fail'; outcome: Outcome; untilMs: number | null }
  | { kind: 'exit'; code: number }
  | { kind: 'hang' }
  | { kind: 'plan'; text: string }
  | { kind: 'structured'; value: unknown }
  | { kind: 'todo'; items: string[] }
  | { kind: 'cost'; usd: number }
  | { kind: 'recall' };

/**
 * `write FILE TEXT` (`\n` in TEXT is a line end), `commit MESSAGE`, `run COMMAND`, `say TEXT`, `think TEXT`, `ask HEADER | QUESTION | A | B`,
 * `askmany …`, `sleep SECONDS`, `hang`, `fail OUTCOME [UNTIL_MS]`, `exit CODE`, `plan TEXT`, `structured JSON`, `todo A, B`, `cost USD`,
 * `recall` (says every prompt of the session).
 */
export function parseScript(prompt: string): Order[] {
  return prompt
    .split('\n')
    .map((line) => parseLine(line.trim()))
    .filter((order) => order !== null);
}

function parseLine(line: string): Order | null {
  const [, word = '', rest = ''] = /^([a-z]+)(?:\s+(.*))?$/.exec(line) ?? [];
  switch (word) {
    case 'write': {
      const [, file, text] = /^(\S+)\s+(.+)$/.exec(rest) ?? [];
      return file === undefined || text === undefined ? null : { kind: 'write', file, text: unescapeLines(text) };
    }
    case 'commit':
      return rest === '' ? null : { kind: 'commit', message: rest };
    case 'run':
      return rest === '' ? null : { kind: 'run', command: rest };
    case 'say':
    case 'think':
    case 'plan':
      return rest === '' ? null : { kind: word, text: unescapeLines(rest) };
    case 'ask':
    case 'askmany':
      return parseQuestion(rest, word === 'askmany');
    case 'hang':
    case 'recall':
      return rest === '' ? { kind: word } : null;
    case 'structured':
      return parseStructured(rest);
    case 'todo':
      return { kind: 'todo', items: rest.split(',').map((item) => item.trim()) };
    default:
      return parseNumeric(word, rest);
  }
}

function parseNumeric(word: string, rest: string): Order | null {
  const [first = '', second] = rest.split(/\s+/);
  const value = Number(first);
  if (word === 'fail') {
    const outcome = OUTCOMES.find((name) => name === first);
    return outcome === undefined ? null : { kind: 'fail', outcome, untilMs: second === undefined ? null : Number(second) };
  }
  if (first === '' || !Number.isFinite(value)) return null;
  if (word === 'sleep') return { kind: 'sleep', ms: value * 1000 };
  if (word === 'exit') return { kind: 'exit', code: value };
  return word === 'cost' ? { kind: 'cost', usd: value } : null;
}

function parseQuestion(rest: string, many: boolean): Order | null {
  const [header, question, ...options] = rest.split('|').map((part) => part.trim());
  if (header === undefined || question === undefined || options.length < 2) return null;
  return { kind: 'ask', many, header, question, options };
}

function parseStructured(rest: string): Order | null {
  try {
    return { kind: 'structured', value: JSON.parse(rest) };
  } catch {
    // A line that is not JSON is prose.
    return null;
  }
}

function unescapeLines(text: string): string {
  return text.replaceAll('\\n', '\n');
}
