import { describe, expect, it } from 'vitest';
import { ansiLines, withoutAnsi } from './ansi.ts';

const ESC = '\u001b';
const short = (text: string) =>
  ansiLines(text).map((line) =>
    line.map(({ text: run, colour, bold, dim, marked }) =>
      [run, colour, ...(bold ? ['bold'] : []), ...(dim ? ['dim'] : []), ...(marked ? ['marked'] : [])].join(':'),
    ),
  );

describe('what a program printed', () => {
  it('colours and weights become names', () => {
    expect(short(`${ESC}[31mFAIL${ESC}[39m a ${ESC}[1;32mok${ESC}[0m ${ESC}[2mdim${ESC}[22m x`)).toEqual([
      ['FAIL:red', ' a :', 'ok:green:bold', ' :', 'dim::dim', ' x:'],
    ]);
  });

  it('a look goes on over the end of a line', () => {
    expect(short(`${ESC}[33mone\ntwo${ESC}[0m\n\nthree`)).toEqual([['one:yellow'], ['two:yellow'], [], ['three:']]);
  });

  it.each([
    ['38;5;196', 'red'],
    ['38;5;46', 'green'],
    ['38;5;244', 'grey'],
    ['38;2;10;200;240', 'cyan'],
    ['38;2;255;255;255', 'white'],
    ['38;5;3', 'yellow'],
    ['38:2:200:10:200', 'magenta'],
    ['95', 'magenta'],
  ])('%s is %s', (code, colour) => expect(short(`${ESC}[${code}mx`)).toEqual([[`x:${colour}`]]));

  it('grounds are marks', () => {
    expect(short(`${ESC}[41mx${ESC}[49my${ESC}[7mz${ESC}[27m${ESC}[48;5;9mw`)).toEqual([['x::marked', 'y:', 'zw::marked']]);
  });

  it('every other sequence is left out, whole or broken off', () => {
    const title = `${ESC}]0;title\u0007`;
    const link = `${ESC}]8;;https://example.org${ESC}\\text${ESC}]8;;${ESC}\\`;
    expect(withoutAnsi(`${title}a${ESC}[2K${ESC}[10;4Hb${link}${ESC}(B${ESC}c\u009b31mc\u0007\u0000${ESC}`)).toBe('abtextc');
    expect(short(`${title}${link}${ESC}[?25l!`)).toEqual([['text!:']]);
  });

  it('of a line that was written over the last words stay', () => {
    expect(short('10 %\r50 %\r100 %\r\ndone')).toEqual([['100 %:'], ['done:']]);
    expect(short(`${ESC}[32m10 %\rall`)).toEqual([['all:green']]);
  });

  it('no text is lost or invented', () => {
    const text = 'plain <b>not markup</b> & ü 👍\ttab';
    expect(ansiLines(text).map((line) => line.map((run) => run.text).join(''))).toEqual([text]);
  });

  it('a hostile text is no trouble', () => {
    const started = performance.now();
    ansiLines(`${ESC}[${'1;'.repeat(100_000)}`);
    ansiLines(`${ESC}]${'x'.repeat(500_000)}`);
    ansiLines(`${ESC}[`.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
