import { expect, test } from 'vitest';
import { styleFor } from './style.ts';

const output = (isTerminal: boolean) => ({ isTerminal, write() {}, columns: () => undefined, rows: () => undefined });

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
])('terminal %s, %j: colours %s', (isTerminal, environment, coloured) => {
  const style = styleFor(output(isTerminal), environment as Record<string, string>);
  expect(style('red', 'x')).toBe(coloured ? '\u001b[31mx\u001b[39m' : 'x');
  expect(style(null, 'x')).toBe('x');
});
