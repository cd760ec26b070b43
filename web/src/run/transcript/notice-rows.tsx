/** Rows that are neither words nor calls: waits, errors, the beginning of an attempt. */
import { duration, words } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { fieldsOf, numberOf, textOf } from './records.ts';
import type { RowOf } from './rows.ts';

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

/** Pure; exported for its test. */
export function waitWords(record: Readonly<Record<string, unknown>>): { what: string; why: string } {
  const retry = numberOf(record.retry);
  if (retry !== null) {
    const delay = numberOf(record.delay_ms);
    const status = numberOf(record.status);
    return {
      what: `Try ${retry} of ${numberOf(record.of) ?? '?'}${delay === null ? '' : `, after ${duration(delay)}`}`,
      why: [status === null ? '' : String(status), textOf(record.cause).replaceAll('_', ' ')].filter(Boolean).join(', '),
    };
  }
  const until = numberOf(record.until_ms);
  const kind = textOf(record.kind);
  return {
    what: record.rejected === true ? 'The provider refuses more calls' : 'The provider’s limit is near',
    why: [
      kind === '' ? '' : words(kind),
      until === null ? '' : `until ${new Date(until).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })}`,
    ]
      .filter(Boolean)
      .join(', '),
  };
}

export function ErrorRow({ row }: { row: RowOf<'error'> }) {
  return (
    <div className="trouble">
      <Glyph name="failed" size={14} className="mt-0.5" />
      <div className="min-w-0">
        {row.outcome !== '' && <b>{words(row.outcome)}</b>}
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
