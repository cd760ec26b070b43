/** What the words of an agent claim when it left no status block. English only: in other languages nothing is claimed, and the loop goes on. */
import { plainLines } from './plain-lines.ts';

export interface Claims {
  /** "all tasks complete", "ready for review", … */
  readonly completion: boolean;
  readonly done: boolean;
  /** "nothing to do", "already implemented", … */
  readonly nothingToDo: boolean;
}

const COMPLETION = [
  'all tasks (?:are |have been |were )?(?:now )?complete(?:d)?',
  'tasks? (?:is |are |has been |have been )?(?:now |fully )?complete(?:d)?',
  'project (?:is )?(?:now |fully )?complete(?:d)?',
  'implementation (?:is )?(?:now |fully )?complete(?:d)?',
  'work (?:is )?(?:now |fully )?(?:complete(?:d)?|finished)',
  'everything (?:is |has been )?(?:now )?(?:complete(?:d)?|finished|done)',
  'all done',
  'ready for review',
  'finished',
  'complete(?:d)?',
  'done',
];
const NOTHING = [
  'nothing (?:left |more |else )?to (?:do|implement|change)',
  'no (?:further |more )?changes (?:are |were )?(?:needed|required|necessary)',
  'no further changes',
  'no work (?:left|remaining|remains)',
  'already implemented',
  'already up to date',
  'everything is (?:already )?working',
];
/** In the words before a claim, in the same sentence, they take it back. */
const NEGATION =
  /\b(?:not|never|no|none|nothing|cannot|can't|couldn't|isn't|aren't|wasn't|weren't|hasn't|haven't|won't|don't|doesn't|didn't|without|before|until|unless|if|when|once|after|almost|nearly|partly|partially|yet|to be|must be|should be|will be|needs? to be|still)\b/;
/** Behind a claim they take it back too: "complete except for …", "done? no". */
const LIMIT = /^\s*(?:\?|(?:,\s*)?(?:except|apart from|but|only|later|next|soon|yet|when|once|if|after)\b)/;
const LOOK_BACK = 48;
const LONGEST_TEXT = 200_000;

const any = (phrases: readonly string[]): RegExp => new RegExp(`\\b(?:${phrases.join('|')})\\b`, 'g');

/** Reads the end of a long text only: what counts is said last. */
export function readClaims(text: string): Claims {
  const said = [...plainLines(text.slice(-LONGEST_TEXT))]
    .join('\n')
    .replace(/`[^`\n]*`/g, ' ')
    .toLowerCase()
    .replaceAll('’', "'");
  const sentences = said.split(/(?<=[.!;:])\s+|\n+/);
  const claimed = (expression: RegExp, free: RegExp | null): boolean => sentences.some((sentence) => claims(sentence, expression, free));
  return {
    completion: claimed(any(COMPLETION), NEGATION),
    done: claimed(any(['done']), NEGATION),
    // These phrases are negative themselves: only a condition or a doubt takes them back.
    nothingToDo: claimed(any(NOTHING), /\b(?:if|when|once|until|unless|not|isn't|wasn't|before|after)\b/),
  };
}

function claims(sentence: string, expression: RegExp, taken: RegExp | null): boolean {
  for (const match of sentence.matchAll(expression)) {
    const before = sentence.slice(Math.max(0, match.index - LOOK_BACK), match.index);
    const behind = sentence.slice(match.index + match[0].length);
    if (!(taken?.test(before) ?? false) && !LIMIT.test(behind)) return true;
  }
  return false;
}
