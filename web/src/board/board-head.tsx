import { Link } from '@tanstack/react-router';
import { List, SquareKanban } from 'lucide-react';
import { useScopeSearch } from '../app/use-scope.ts';
import { cards } from '../store/use-runs.ts';
import { cx } from '../ui/class-names.ts';
import { money, whole } from '../ui/format.ts';
import { Segmented } from '../ui/segmented.tsx';
import { tip } from '../ui/tooltip.tsx';
import { useNow } from '../ui/use-now.ts';
import type { Placement } from './placement.ts';

export type BoardFilter = 'all' | 'needs-you';

interface BoardHeadProps {
  readonly placement: Placement;
  readonly filter: BoardFilter;
  readonly onFilter: (filter: BoardFilter) => void;
}

export function BoardHead({ placement, filter, onFilter }: BoardHeadProps) {
  return (
    <div className="flex min-h-11 flex-none items-center gap-2 px-3.5">
      <h1 className="mr-1 text-h3 font-semibold tracking-(--track-head)">Board</h1>
      <Segmented
        label="Which runs"
        value={filter}
        onChange={onFilter}
        options={[
          { value: 'all', label: <FilterWord word="All" count={placement.all} /> },
          { value: 'needs-you', label: <FilterWord word="Needs you" count={placement.needsYou} dot /> },
        ]}
      />
      <InFlight ids={placement.columns.running} />
      <ViewSwitch here="/" />
    </div>
  );
}

function FilterWord({ word, count, dot = false }: { word: string; count: number; dot?: boolean }) {
  return (
    <>
      {dot && <span className="unread-dot" />}
      {word}
      <span className="num font-regular text-fg-3">{whole(count)}</span>
    </>
  );
}

/** What runs now, and what that has cost so far. */
function InFlight({ ids }: { ids: readonly string[] }) {
  useNow(5_000);
  if (ids.length === 0) return <span className="ml-auto" />;
  const cost = ids.reduce((sum, id) => sum + (cards.get(id)?.cost_usd ?? 0), 0);
  return (
    <span className="num ml-auto truncate text-small text-fg-3">
      {whole(ids.length)} running · {money(cost)} in flight
    </span>
  );
}

/** Board or list, of the same scope. */
export function ViewSwitch({ here }: { here: '/' | '/list' }) {
  const scope = useScopeSearch();
  return (
    <nav
      aria-label="As"
      className="ml-1 inline-flex flex-none gap-px rounded-[7px] bg-sunken p-0.5 shadow-[inset_0_0_0_1px_var(--border-subtle)]"
    >
      {(
        [
          ['/', 'Board', SquareKanban],
          ['/list', 'List', List],
        ] as const
      ).map(([to, word, Icon]) => (
        <Link
          key={to}
          to={to}
          search={scope}
          aria-label={`As ${word.toLowerCase()}`}
          aria-current={here === to ? 'page' : undefined}
          {...tip(word)}
          className={cx(
            'inline-flex h-6 items-center rounded-[5px] px-1.5 pointer-coarse:h-10 pointer-coarse:px-3',
            here === to ? 'bg-raised text-fg shadow-[0_0_0_1px_var(--border),var(--e-card)]' : 'text-fg-2',
          )}
        >
          <Icon size={14} strokeWidth={1.75} />
        </Link>
      ))}
    </nav>
  );
}
