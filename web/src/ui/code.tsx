/** Code as text with colours: spans, never markup of its own. */
import { memo, useMemo } from 'react';
import { cx } from './class-names.ts';
import { type CodeBlock, useTokenLines } from './highlight/highlighter.ts';
import './highlight/highlight.css';
import { type LineTokens, TOKEN_CLASSES } from './highlight/token-lines.ts';

export interface CodeProps {
  readonly text: string;
  /** As `languageOfPath` or `languageOfFence` give it; null: no colours. */
  readonly language: string | null;
  readonly className?: string;
}

/** A block of code. Plain at first, coloured when the colours are there; nothing moves. */
export const Code = memo(function Code({ text, language, className }: CodeProps) {
  const block = useMemo<CodeBlock>(() => ({ text, language }), [text, language]);
  const tokens = useTokenLines(block);
  return (
    <code className={cx('text-(--syn-text)', className)}>
      {tokens === null
        ? text
        : text.split('\n').map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never change places
            <span key={index}>
              {index > 0 && '\n'}
              <CodeLine text={line} tokens={tokens[index] ?? []} />
            </span>
          ))}
    </code>
  );
});

function CodeLine({ text, tokens }: { readonly text: string; readonly tokens: LineTokens }) {
  const spans = [];
  let at = 0;
  for (let index = 0; index < tokens.length && at < text.length; index += 2) {
    const length = tokens[index] ?? 0;
    spans.push(
      <span key={at} className={TOKEN_CLASSES[tokens[index + 1] ?? 0] || undefined}>
        {text.slice(at, at + length)}
      </span>,
    );
    at += length;
  }
  return (
    <>
      {spans}
      {text.slice(at)}
    </>
  );
}
