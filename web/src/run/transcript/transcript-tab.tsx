/** Messages of a run: filters and search above, the transcript, the composer below. */
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, Pause, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Run } from '../../../../src/contract/resources.ts';
import { operationQuery } from '../../api/query.ts';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { FilterChip } from '../../ui/chip.tsx';
import { tip } from '../../ui/tooltip.tsx';
import { Composer } from '../composer.tsx';
import { useMayAct } from '../use-may-act.ts';
import { FILTERS, type Filter } from './filters.ts';
import { SearchBar } from './search-bar.tsx';
import { type FollowHandle, TranscriptList } from './transcript-list.tsx';

export function TranscriptTab({ run, seq }: { run: Run; seq: number | undefined }) {
  const counts = useQuery(operationQuery('runs.message_counts', { run: run.id })).data;
  const [filter, setFilter] = useState<Filter>('all');
  const [goal, setGoal] = useState<{ seq: number } | null>(seq === undefined ? null : { seq });
  const mayAct = useMayAct();
  const [searching, setSearching] = useState(false);
  const [following, setFollowing] = useState(true);
  const list = useRef<FollowHandle>(null);

  // A link to another record of the same run.
  useEffect(() => {
    if (seq !== undefined) setGoal({ seq });
  }, [seq]);

  useShortcuts('Run', [
    {
      keys: '/',
      label: 'Search here',
      run: () => setSearching(true),
    },
  ]);

  function show(next: Filter): void {
    setGoal(null);
    setFilter(next);
  }

  return (
    <>
      <div className="flex flex-none items-center gap-1 border-b border-line-subtle px-4 py-[7px] max-phone:px-3">
        <fieldset aria-label="Filter messages" className="-mx-1 flex min-w-0 gap-1 overflow-x-auto px-1 [scrollbar-width:none]">
          {FILTERS.map(({ name, label }) => (
            <FilterChip
              key={name}
              on={filter === name}
              onChange={() => show(filter === name ? 'all' : name)}
              {...(counts === undefined ? {} : { count: counts[name] })}
            >
              {label}
            </FilterChip>
          ))}
        </fieldset>
        <Button
          icon
          size="sm"
          aria-label="Search in the transcript"
          aria-expanded={searching}
          className="ml-auto"
          onClick={() => setSearching(!searching)}
          {...tip('Search in the transcript  /')}
        >
          <Search size={14} strokeWidth={1.75} />
        </Button>
        <Button
          size="sm"
          aria-pressed={following}
          className="max-phone:hidden"
          onClick={() => list.current?.follow(!following)}
          {...tip('Stay at the end  F')}
        >
          {following ? <Pause size={13} strokeWidth={1.75} aria-hidden /> : <ArrowDown size={13} strokeWidth={1.75} aria-hidden />}
          Follow
        </Button>
      </div>
      {searching && (
        <SearchBar
          run={run.id}
          onGoal={(found) => {
            setFilter('all');
            setGoal({ seq: found });
          }}
          onClose={() => setSearching(false)}
        />
      )}
      <TranscriptList
        key={filter}
        runId={run.id}
        root={run.worktree_path}
        live={run.status === 'running'}
        filter={filter}
        goal={goal}
        onFollowing={setFollowing}
        handle={list}
      />
      {mayAct && <Composer run={run} />}
    </>
  );
}
