import { ERRORS } from '../../src/contract/errors.ts';
import { pageStart, table } from './markdown.ts';

const EXIT_CODES = ['1 failed', '2 wrong use', '3 not found', '4 refused by policy, role or budget'];

/** docs/errors.md */
export function errorsPage(): string {
  return [
    ...pageStart('Errors', 'src/contract/errors.ts'),
    'Every failure that Gluon expects has a code. Over HTTP it comes as `application/problem+json` with that code; the command line prints the',
    `sentence and what to do, and ends with the exit code: ${EXIT_CODES.join(', ')}. Words in braces are filled in.`,
    '',
    ...table(
      ['code', 'HTTP', 'exit', 'worth repeating', 'what happened', 'what to do'],
      Object.entries(ERRORS).map(([code, error]) => [
        `\`${code}\``,
        String(error.status),
        String(error.exit),
        error.retryable ? 'yes' : 'no',
        error.sentence,
        error.action,
      ]),
    ),
  ].join('\n');
}
