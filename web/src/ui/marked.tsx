import type { ReactNode } from 'react';
import type { Mark } from './letters.ts';

/** Text with the marked letters in bold. */
export function Marked({ text, marks, className = 'font-semibold text-fg' }: { text: string; marks: readonly Mark[]; className?: string }) {
  const out: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of marks) {
    out.push(text.slice(at, start));
    out.push(
      <b key={start} className={className}>
        {text.slice(start, end)}
      </b>,
    );
    at = end;
  }
  return (
    <>
      {out}
      {text.slice(at)}
    </>
  );
}
