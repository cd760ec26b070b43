/** Reads or searches in a row, as one line; it opens to the lines of each. */
import { BookOpenCheck, ChevronRight, ScanSearch } from 'lucide-react';
import { cx } from '../../ui/class-names.ts';
import { clockTime, whole } from '../../ui/format.ts';
import { linesRead, pathOf } from './call-line.ts';
import { CallRow } from './call-row.tsx';
import { textOf } from './records.ts';
import { useRows } from './row-context.ts';
import type { RowOf } from './rows.ts';

const NAMED = 2;

export function FoldRow({ row }: { row: RowOf<'fold'> }) {
  const { isOpen, toggle, root } = useRows();
  const open = isOpen(
    row.key,
    row.calls.some(({ result }) => result?.ok === false),
  );
  const Icon = row.verb === 'Read' ? BookOpenCheck : ScanSearch;
  const names = row.calls.map((call) => (row.verb === 'Read' ? pathOf(call, root) : textOf(call.input.pattern) || call.summary));
  const more = names.length - NAMED;
  const what = row.verb === 'Read' ? 'files' : 'patterns';
  const failed = row.calls.filter(({ result }) => result?.ok === false).length;
  return (
    <div className="calls">
      <button type="button" className={cx('call', open && 'open')} aria-expanded={open} onClick={() => toggle(row.key, !open)}>
        <ChevronRight size={12} strokeWidth={1.75} aria-hidden className="chev" />
        <Icon size={14} strokeWidth={1.75} aria-hidden className="flex-none text-fg-3" />
        <span className="verb">{row.verb}</span>
        <span className="tgt">
          {names.length} {what} · {names.slice(0, NAMED).join(', ')}
          {more > 0 && `, +${more}`}
        </span>
        <span className="res">
          {failed > 0 && <span className="exit bad">{failed} failed</span>}
          {row.verb === 'Read' && `${whole(linesRead(row.calls))} lines`}
          <time className="at" dateTime={row.at}>
            {clockTime(row.at)}
          </time>
        </span>
      </button>
      {open && (
        <div className="kids">
          {row.calls.map((call) => (
            <CallRow key={call.seq} rowKey={`${row.key}.${call.seq}`} call={call} />
          ))}
        </div>
      )}
    </div>
  );
}
