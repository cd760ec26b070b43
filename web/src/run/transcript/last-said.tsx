/** For a screen reader: finished messages and questions, one at a time, while somebody follows. Live text is not read word by word. */
import { useEffect, useState } from 'react';
import { firstLine } from './call-line.ts';
import { textOf } from './records.ts';
import type { Row } from './rows.ts';

export function LastSaid({ rows, following }: { rows: readonly Row[]; following: boolean }) {
  const [said, setSaid] = useState({ seq: -1, text: '' });
  const last = rows.findLast((row) => (row.kind === 'prose' && !row.live) || row.kind === 'question');
  useEffect(() => {
    if (last === undefined) return;
    setSaid((before) => {
      if (last.seq <= before.seq) return before;
      // What stood there when the view opened is no news.
      const news = before.seq !== -1 && following;
      return { seq: last.seq, text: news ? wordsOf(last) : '' };
    });
  }, [last, following]);
  return (
    <div className="sr" aria-live="polite">
      {said.text}
    </div>
  );
}

function wordsOf(row: Row): string {
  if (row.kind === 'prose') return `The agent: ${firstLine(row.text)}`;
  return row.kind === 'question' ? `The agent asks: ${textOf(row.items[0]?.question)}` : '';
}
