import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatusBlock, statusBlockTemplate } from './status-block.ts';

const block = (lines: string): string => `---RALPH_STATUS---\n${lines}\n---END_RALPH_STATUS---`;
const DONE = block('STATUS: COMPLETE\nEXIT_SIGNAL: true');
const MORE = block('STATUS: IN_PROGRESS\nEXIT_SIGNAL: false');

const both = (text: string) => {
  const found = parseStatusBlock(text);
  return found === null ? null : `${found.status} ${found.exitSignal}`;
};

describe('which block counts', () => {
  it.each<[string, string, string | null]>([
    ['a plain one', DONE, 'complete true'],
    ['one after prose', `I did it.\n\n${DONE}`, 'complete true'],
    ['one before prose', `${MORE}\nThat was it.`, 'in_progress false'],
    ['one with Windows line ends', DONE.replaceAll('\n', '\r\n'), 'complete true'],
    ['one with old Macintosh line ends', DONE.replaceAll('\n', '\r'), 'complete true'],
    ['one in small letters', DONE.toLowerCase(), 'complete true'],
    [
      'one with emphasised markers',
      DONE.replaceAll('---RALPH_STATUS---', '**---RALPH_STATUS---**').replaceAll('---END_RALPH_STATUS---', '**---END_RALPH_STATUS---**'),
      'complete true',
    ],
    ['one that is indented by up to three spaces', DONE.replaceAll(/^/gm, '   '), 'complete true'],
    ['one with blank lines in it', block('\nSTATUS: COMPLETE\n\nEXIT_SIGNAL: true\n'), 'complete true'],
    ['one with spaces behind its markers', DONE.replaceAll('---\n', '---  \n'), 'complete true'],
    ['the last of two', `${MORE}\n${DONE}`, 'complete true'],
    ['the last of two, the other way round', `${DONE}\nOh, wait.\n${MORE}`, 'in_progress false'],
    ['the last of three', `${DONE}\n${DONE}\n${MORE}`, 'in_progress false'],
    ['the last complete one before a half one', `${DONE}\n---RALPH_STATUS---\nSTATUS: IN_PROGRESS`, 'complete true'],
    ['the second beginning when one never ends', `---RALPH_STATUS---\nSTATUS: COMPLETE\nEXIT_SIGNAL: true\n${MORE}`, 'in_progress false'],
    ['none without an end', '---RALPH_STATUS---\nSTATUS: COMPLETE\nEXIT_SIGNAL: true', null],
    ['none without a beginning', 'STATUS: COMPLETE\nEXIT_SIGNAL: true\n---END_RALPH_STATUS---', null],
    ['none when the end comes first', '---END_RALPH_STATUS---\nSTATUS: COMPLETE\n---RALPH_STATUS---', null],
    ['none in an empty text', '', null],
    ['none in prose about it', 'I will end with ---RALPH_STATUS--- as you asked.', null],
    ['none on one line', '---RALPH_STATUS--- STATUS: COMPLETE EXIT_SIGNAL: true ---END_RALPH_STATUS---', null],
    ['none in a fence', `\`\`\`\n${DONE}\n\`\`\``, null],
    ['none in a fence with a language', `\`\`\`text\n${DONE}\n\`\`\``, null],
    ['none in a fence of tildes', `~~~\n${DONE}\n~~~`, null],
    ['none in a longer fence that holds a shorter one', `\`\`\`\`\n\`\`\`\n${DONE}\n\`\`\`\n\`\`\`\``, null],
    ['none in a fence of backticks that tildes do not close', `\`\`\`\n~~~\n${DONE}\n\`\`\``, null],
    ['none in a fence that is never closed', `\`\`\`\n${DONE}`, null],
    ['none in an indented fence', `   \`\`\`\n${DONE}\n   \`\`\``, null],
    ['none in a quote', DONE.replaceAll(/^/gm, '> '), null],
    ['none in a quote without a space', DONE.replaceAll(/^/gm, '>'), null],
    ['none in a quote in a quote', DONE.replaceAll(/^/gm, '> > '), null],
    ['none in indented code', DONE.replaceAll(/^/gm, '    '), null],
    ['none in code indented by a tab', DONE.replaceAll(/^/gm, '\t'), null],
    ['one behind a closed fence', `\`\`\`\n${MORE}\n\`\`\`\n${DONE}`, 'complete true'],
    ['the plain one before a fenced one', `${MORE}\n\`\`\`\n${DONE}\n\`\`\``, 'in_progress false'],
    ['the plain one before a quoted one', `${MORE}\n${DONE.replaceAll(/^/gm, '> ')}`, 'in_progress false'],
    ['a plain one in spite of inline code with three ticks', `Use \`\`\`x\`\`\` here.\n${DONE}`, 'complete true'],
    ['a plain one behind a line that begins with inline code', `\`\`\`x\`\`\` is the name.\n${DONE}`, 'complete true'],
    [
      'one whose markers have other words around them: none',
      'see ---RALPH_STATUS---\nSTATUS: COMPLETE\nEXIT_SIGNAL: true\n---END_RALPH_STATUS--- end',
      null,
    ],
    ['one with too few dashes: none', DONE.replaceAll('---', '--'), null],
    ['one with prose in another language before it', `Alles erledigt, die Tests laufen durch.\n${DONE}`, 'complete true'],
    ['one with Japanese prose before it', `すべて完了しました。\n${MORE}`, 'in_progress false'],
  ])('%s', (_name, text, expected) => expect(both(text)).toBe(expected));
});

describe('what its lines say', () => {
  it.each<[string, string, string | null]>([
    ['keys in small letters', 'status: complete\nexit_signal: true', 'complete true'],
    ['keys in mixed letters', 'Status: Complete\nExit_Signal: True', 'complete true'],
    ['emphasis around keys', '**STATUS**: COMPLETE\n**EXIT_SIGNAL**: true', 'complete true'],
    ['emphasis around key and colon', '**STATUS:** COMPLETE\n**EXIT_SIGNAL:** true', 'complete true'],
    ['emphasis around values', 'STATUS: **COMPLETE**\nEXIT_SIGNAL: _true_', 'complete true'],
    ['lines as bullets', '- STATUS: COMPLETE\n- EXIT_SIGNAL: true', 'complete true'],
    ['spaces around the colon', 'STATUS : COMPLETE\nEXIT_SIGNAL  :true', 'complete true'],
    ['spaces in keys', 'STATUS: COMPLETE\nEXIT SIGNAL: true', 'complete true'],
    ['yes', 'STATUS: COMPLETE\nEXIT_SIGNAL: yes', 'complete true'],
    ['1', 'STATUS: COMPLETE\nEXIT_SIGNAL: 1', 'complete true'],
    ['YES', 'STATUS: COMPLETE\nEXIT_SIGNAL: YES', 'complete true'],
    ['on is not true', 'STATUS: COMPLETE\nEXIT_SIGNAL: on', 'complete false'],
    ['true-ish is not true', 'STATUS: COMPLETE\nEXIT_SIGNAL: true-ish', 'complete false'],
    ['false', 'STATUS: COMPLETE\nEXIT_SIGNAL: false', 'complete false'],
    ['no exit signal', 'STATUS: COMPLETE', 'complete false'],
    ['no status', 'EXIT_SIGNAL: true', 'null true'],
    ['an unknown status', 'STATUS: MOSTLY\nEXIT_SIGNAL: true', 'null true'],
    ['the template not filled in', 'STATUS: IN_PROGRESS | COMPLETE | BLOCKED\nEXIT_SIGNAL: false | true', 'null false'],
    ['a status with a blank', 'STATUS: in progress\nEXIT_SIGNAL: false', 'in_progress false'],
    ['a status with a hyphen', 'STATUS: IN-PROGRESS', 'in_progress false'],
    ['blocked', 'STATUS: BLOCKED', 'blocked false'],
    ['the last of two equal keys', 'STATUS: COMPLETE\nSTATUS: IN_PROGRESS\nEXIT_SIGNAL: true', 'in_progress true'],
    ['unknown keys', 'MOOD: fine\nSTATUS: COMPLETE\nEXIT_SIGNAL: true\nWEATHER: rain', 'complete true'],
    ['lines that are none', 'hello\nSTATUS: COMPLETE\n:::\nEXIT_SIGNAL: true', 'complete true'],
    ['nothing at all', '', 'null false'],
    ['not complete', 'STATUS: NOT COMPLETE\nEXIT_SIGNAL: true', 'null true'],
    ['incomplete', 'STATUS: INCOMPLETE\nEXIT_SIGNAL: true', 'null true'],
    ['a quoted line inside', 'STATUS: IN_PROGRESS\n> STATUS: COMPLETE\nEXIT_SIGNAL: false', 'in_progress false'],
    ['a fence inside', 'STATUS: IN_PROGRESS\n```\nSTATUS: COMPLETE\n```\nEXIT_SIGNAL: false', 'in_progress false'],
  ])('%s', (_name, lines, expected) => expect(both(block(lines))).toBe(expected));

  it('numbers, tests, kind of work and the recommendation', () => {
    const found = parseStatusBlock(
      block(
        'STATUS: IN_PROGRESS\nTASKS_COMPLETED_THIS_LOOP: 3\nFILES_MODIFIED: 12\nTESTS_STATUS: Not Run\nWORK_TYPE: refactoring\nEXIT_SIGNAL: false\nRECOMMENDATION: go on: with the parser',
      ),
    );
    expect(found).toEqual({
      status: 'in_progress',
      exitSignal: false,
      tasksCompleted: 3,
      filesModified: 12,
      tests: 'not_run',
      work: 'refactoring',
      recommendation: 'go on: with the parser',
    });
  });

  it.each([['many'], ['-1'], ['3 files'], ['1e9'], ['9999999999999'], ['']])('%s is no number', (value) => {
    expect(parseStatusBlock(block(`FILES_MODIFIED: ${value}`))?.filesModified).toBeNull();
  });
});

describe('the nonce', () => {
  const mine = block('NONCE: 4f2a\nSTATUS: COMPLETE\nEXIT_SIGNAL: true');
  it.each<[string, string, boolean]>([
    ['its own block counts', mine, true],
    ['one without any does not', DONE, false],
    ['one of another attempt does not', mine.replace('4f2a', '9c1d'), false],
    ['its own counts before a foreign one', `${mine}\n${DONE}`, true],
    ['its own counts in another place of the block', block('STATUS: COMPLETE\nEXIT_SIGNAL: true\n**NONCE:** 4f2a'), true],
  ])('%s', (_name, text, counts) => expect(parseStatusBlock(text, '4f2a') !== null).toBe(counts));

  it('the template, as it is sent, is read back as not complete', () => {
    const found = parseStatusBlock(statusBlockTemplate('4f2a'), '4f2a');
    expect(found).toMatchObject({ status: null, exitSignal: false });
  });
});

describe('whatever the text', () => {
  it('never throws, and a fence around it leaves nothing', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '---RALPH_STATUS---\n',
        '---END_RALPH_STATUS---\n',
        'STATUS: COMPLETE\n',
        'EXIT_SIGNAL: true\n',
        '> ',
        '    ',
        'x\n',
        '\n',
        '**',
        ':',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        parseStatusBlock(text);
        expect(parseStatusBlock(`\`\`\`\`\`\n${text}\n\`\`\`\`\``)).toBeNull();
      }),
    );
  });

  it('a block of a megabyte is read, its long line passed over', () => {
    const found = parseStatusBlock(block(`STATUS: COMPLETE\nRECOMMENDATION: ${'x'.repeat(1_000_000)}\nEXIT_SIGNAL: true`));
    expect(found).toMatchObject({ status: 'complete', exitSignal: true, recommendation: '' });
  });
});
