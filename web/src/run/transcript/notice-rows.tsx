/** Rows that are neither words nor calls: waits, errors, the beginning of an attempt. */
import { words } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { fieldsOf } from './records.ts';
import type { RowOf } from './rows.ts';
import { waitWords } from './wait-words.ts';

export function WaitRow({ row }: { row: RowOf<'wait'> }) {
  const { what, why } = waitWords(fieldsOf(row.record));
  return (
    <div className="pausebar">
      <span>
        <Glyph name="waiting" size={13} />
        {what}
        <em>{why}</em>
      </span>
    </div>
  );
}

export function ErrorRow({ row }: { row: RowOf<'error'> }) {
  return (
    <div className="trouble">
      <Glyph name="failed" size={14} className="mt-0.5" />
      <div className="min-w-0">
        {row.outcome !== '' && <b className="what">{words(row.outcome)}</b>}
        <p className="break-words whitespace-pre-wrap">{row.text}</p>
      </div>
    </div>
  );
}

export function SystemRow({ row }: { row: RowOf<'system'> }) {
  if (!row.starts) return <p className="note">{row.text}</p>;
  return (
    <div className="begins">
      <span>
        Attempt {row.attempt} · {row.text}
      </span>
    </div>
  );
}
