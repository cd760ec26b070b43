import { describe, expect, it } from 'vitest';
import { isPlain, safeLink, splitGrowing } from './markdown-text.ts';

describe('links of what an agent wrote', () => {
  it.each(['https://example.org/a?b#c', 'http://127.0.0.1:1', 'mailto:a@example.org', 'HTTPS://EXAMPLE.ORG'])(
    '%s leaves the page',
    (address) => expect(safeLink(address)).toBe(address),
  );
  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'blob:https://example.org/x',
    'file:///etc/passwd',
    '//example.org',
    '/api/stop',
    'src/a.ts',
    '#x',
    'https://',
    '',
  ])('%s does not', (address) => expect(safeLink(address)).toBeNull());
});

describe('text that grows', () => {
  it('what came before the last block stays as it is', () => {
    expect(splitGrowing('# One\n\ntwo\n\nthr')).toEqual(['# One\n\ntwo\n\n', 'thr']);
    expect(splitGrowing('one')).toEqual(['', 'one']);
  });
  it('a fence is never cut', () => {
    const text = 'a\n\n```ts\nx\n\ny\n\nz';
    expect(splitGrowing(text)).toEqual(['a\n\n', '```ts\nx\n\ny\n\nz']);
    expect(splitGrowing(`${text}\n\`\`\`\n\nb`)).toEqual([`${text}\n\`\`\`\n\n`, 'b']);
  });
  it('a list goes on over an empty line', () => {
    expect(splitGrowing('a\n\n- one\n\n- two\n\n  more')).toEqual(['', 'a\n\n- one\n\n- two\n\n  more']);
  });
  it('nothing is lost', () => {
    for (const text of ['', '\n', '\n\n\n', 'a\n\n', '```', '~~~\n\n~~~~\n\nx']) expect(splitGrowing(text).join('')).toBe(text);
  });
});

describe('what is not laid out', () => {
  it.each(['x'.repeat(100_001), '>'.repeat(500), `a\n${'- '.repeat(200)}`, '['.repeat(300)])('%#', (text) =>
    expect(isPlain(text)).toBe(true),
  );
  it.each(['a', '---', '- a\n  - b\n    - c', '*'.repeat(20)])('%#', (text) => expect(isPlain(text)).toBe(false));
});
