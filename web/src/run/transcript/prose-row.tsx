/** What the agent says, as prose without a bubble; what it thought, folded. */
import { ChevronRight } from 'lucide-react';
import { clockTime } from '../../ui/format.ts';
import { Logo } from '../../ui/logo.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { firstLine } from './call-line.ts';
import { textOf } from './records.ts';
import { useRows } from './row-context.ts';
import type { RowOf } from './rows.ts';
import { useWhole } from './whole-record.tsx';

export function ProseRow({ row }: { row: RowOf<'prose'> }) {
  const whole = useWhole(row.cut ? row.seq : null);
  return (
    <div className="turn">
      <span className="gut">
        <Logo size={15} />
      </span>
      <div className="min-w-0">
        <Markdown text={whole.record === null ? row.text : textOf(whole.record.text)} live={row.live} />
        {whole.offer}
      </div>
      {row.at !== '' && (
        <time dateTime={row.at} className="when">
          {clockTime(row.at)}
        </time>
      )}
    </div>
  );
}

export function ThinkingRow({ row }: { row: RowOf<'thinking'> }) {
  const { isOpen, toggle } = useRows();
  const open = isOpen(row.key, false);
  return (
    <div className="calls">
      <button type="button" className="think" aria-expanded={open} onClick={() => toggle(row.key, !open)}>
        <ChevronRight size={12} strokeWidth={1.75} aria-hidden className="chev" />
        Thought
        {!open && <span className="truncate text-fg-3">· {firstLine(row.text)}</span>}
      </button>
      {open && <p className="thought">{row.text}</p>}
    </div>
  );
}
