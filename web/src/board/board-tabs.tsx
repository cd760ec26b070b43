/** The columns on a phone: one is shown, the others are tabs; a card that hangs on the finger can be let go on them. */
import { cx } from '../ui/class-names.ts';
import { whole } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { DROP_CLASS, useDropLook } from './column.tsx';
import { COLUMN_WORD, type Status } from './columns.ts';
import type { Placement } from './placement.ts';

interface BoardTabsProps {
  readonly shown: readonly Status[];
  readonly placement: Placement;
  readonly current: Status;
  readonly onChange: (status: Status) => void;
  readonly needsYou: boolean;
  readonly onNeedsYou: (only: boolean) => void;
}

export function BoardTabs({ shown, placement, current, onChange, needsYou, onNeedsYou }: BoardTabsProps) {
  return (
    <div className="board-tabs">
      {placement.needsYou > 0 && (
        <button
          type="button"
          aria-pressed={needsYou}
          aria-label={`Only what needs you, ${placement.needsYou}`}
          onClick={() => onNeedsYou(!needsYou)}
          className={cx('board-tab', needsYou && 'text-accent-fg')}
        >
          <span
            className={cx(
              'num rounded-full px-2 py-0.5 text-micro font-semibold',
              needsYou ? 'bg-accent text-on-accent' : 'bg-accent-tint text-accent-fg',
            )}
          >
            {whole(placement.needsYou)}
          </span>
        </button>
      )}
      <div role="tablist" aria-label="Columns" className="flex gap-0.5" data-board-scroll>
        {shown.map((status) => (
          <Tab key={status} status={status} count={placement.columns[status].length} selected={status === current} onChange={onChange} />
        ))}
      </div>
    </div>
  );
}

function Tab(props: { status: Status; count: number; selected: boolean; onChange: (status: Status) => void }) {
  const { status, count, selected, onChange } = props;
  const look = useDropLook(status);
  return (
    <button
      type="button"
      role="tab"
      data-column={status}
      aria-selected={selected}
      onClick={() => onChange(status)}
      className={cx('board-tab', look !== null && DROP_CLASS[look])}
    >
      <Glyph name={status} size={13} />
      {COLUMN_WORD[status]}
      <span className="num text-micro font-regular text-fg-3">{whole(count)}</span>
    </button>
  );
}
