import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { ViewSwitch } from '../board/board-head.tsx';
import { COLUMN_WORD, STATUSES, type Status } from '../board/columns.ts';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { FilterChip } from '../ui/chip.tsx';
import { Select, TextInput } from '../ui/field.tsx';

interface ListHeadProps {
  readonly status: Status | null;
  readonly search: string;
  readonly archived: boolean;
}

const TYPED_MS = 250;

/** The filters; all of them stand in the address. */
export function ListHead({ status, search, archived }: ListHeadProps) {
  const navigate = useNavigate({ from: '/list' });
  const [typed, setTyped] = useState(search);
  const field = useId();
  useShortcuts('List', [{ keys: '/', label: 'Search in the list', run: () => document.getElementById(field)?.focus() }]);

  // Somebody went back in the history, or followed a link.
  const [last, setLast] = useState(search);
  if (search !== last) {
    setLast(search);
    if (search !== typed.trim()) setTyped(search);
  }

  useEffect(() => {
    const next = typed.trim();
    if (next === search) return;
    const timer = setTimeout(
      () => void navigate({ replace: true, search: (before) => ({ ...before, search: next === '' ? undefined : next }) }),
      TYPED_MS,
    );
    return () => clearTimeout(timer);
  }, [typed, search, navigate]);

  return (
    <div className="flex min-h-11 flex-none flex-wrap items-center gap-2 px-3.5 py-1.5">
      <h1 className="mr-1 text-h3 font-semibold tracking-(--track-head) max-phone:sr-only">List</h1>
      <span className="relative w-56 max-phone:w-full">
        <Search size={14} strokeWidth={1.75} className="absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-3" />
        <TextInput
          id={field}
          type="search"
          aria-label="Search in titles, branches, ids and prompts"
          placeholder="Title, branch, id, prompt"
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          className="!h-7 pl-8 pointer-coarse:!h-11"
        />
      </span>
      <Select
        quiet
        aria-label="Status"
        value={status ?? ''}
        onChange={(event) => {
          const next = event.target.value;
          void navigate({ search: (before) => ({ ...before, status: next === '' ? undefined : next }) });
        }}
        className="w-36"
      >
        <option value="">Every status</option>
        {STATUSES.map((each) => (
          <option key={each} value={each}>
            {COLUMN_WORD[each]}
          </option>
        ))}
      </Select>
      <FilterChip on={archived} onChange={(on) => void navigate({ search: (before) => ({ ...before, archived: on ? true : undefined }) })}>
        Archived
      </FilterChip>
      <span className="ml-auto max-phone:hidden">
        <ViewSwitch here="/list" />
      </span>
    </div>
  );
}
