/** The small diff of an edit. The Files tab shows the whole change; here is what this one call did. */
import { ChevronDown } from 'lucide-react';
import { memo, useMemo, useState } from 'react';
import { cx } from '../../ui/class-names.ts';
import { whole } from '../../ui/format.ts';
import { type CodeBlock, useTokenLines } from '../../ui/highlight/highlighter.ts';
import '../../ui/highlight/highlight.css';
import { languageOfPath } from '../../ui/highlight/languages.ts';
import { type LineTokens, TOKEN_CLASSES } from '../../ui/highlight/token-lines.ts';
import { pathOf } from './call-line.ts';
import { changeOf, type DiffLine } from './edit-lines.ts';
import type { Call } from './records.ts';
import { ScrollBox } from './scroll-box.tsx';

const FIRST = 16;
const SLACK = 6;
const LONGEST_LINE = 600;
const SIGNS: Record<DiffLine['kind'], string> = { same: '', added: '+', removed: '−', gap: '⋯' };

export function EditBox({ call }: { call: Call }) {
  const [all, setAll] = useState(false);
  const { lines } = changeOf(call);
  const language = languageOfPath(pathOf(call, null));
  const block = useMemo<CodeBlock>(() => ({ text: lines.map(({ text }) => text).join('\n'), language }), [lines, language]);
  const tokens = useTokenLines(block);
  const long = lines.length > FIRST + SLACK;
  const shown = all || !long ? lines : lines.slice(0, FIRST);
  const withNumbers = lines.some((line) => line.old !== null || line.new !== null);
  if (lines.length === 0) return <p className="px-3 py-2 text-small text-fg-3">Nothing changed.</p>;
  return (
    <>
      <ScrollBox label="Change" className={cx('diff', !withNumbers && 'no-numbers')}>
        {shown.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one change never change places
          <Line key={index} line={line} tokens={tokens?.[index] ?? null} />
        ))}
      </ScrollBox>
      {long && (
        <button type="button" className="fold" aria-expanded={all} onClick={() => setAll(!all)}>
          <ChevronDown size={12} strokeWidth={1.75} aria-hidden className={all ? 'rotate-180' : undefined} />
          {all ? 'Show less' : `Show ${whole(lines.length - FIRST)} more lines`}
        </button>
      )}
    </>
  );
}

const Line = memo(function Line({ line, tokens }: { line: DiffLine; tokens: LineTokens | null }) {
  const look = line.kind === 'added' ? 'a' : line.kind === 'removed' ? 'd' : undefined;
  const text = line.text.length > LONGEST_LINE ? `${line.text.slice(0, LONGEST_LINE)} …` : line.text;
  return (
    <div className="dl">
      <span className={cx('no', look)}>{line.old}</span>
      <span className={cx('no', look)}>{line.new}</span>
      <span className={cx('mk', look)}>{SIGNS[line.kind]}</span>
      <span className={cx('tx', look)}>{coloured(text, tokens)}</span>
    </div>
  );
});

function coloured(text: string, tokens: LineTokens | null): React.ReactNode {
  if (tokens === null) return text;
  const spans: React.ReactNode[] = [];
  let at = 0;
  for (let index = 0; index < tokens.length && at < text.length; index += 2) {
    const end = at + (tokens[index] ?? 0);
    const name = TOKEN_CLASSES[tokens[index + 1] ?? 0] ?? '';
    spans.push(
      name === '' ? (
        text.slice(at, end)
      ) : (
        <span key={at} className={name}>
          {text.slice(at, end)}
        </span>
      ),
    );
    at = end;
  }
  spans.push(text.slice(at));
  return spans;
}
