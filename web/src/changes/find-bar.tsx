import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { whole } from '../ui/format.ts';
import { MOST_FOUND } from './diff/find.ts';
import type { Find } from './use-find.ts';

/** Words to look for, how often they are there, and the way from one to the next. `settled`: every line is there to be searched. */
export function FindBar({ find, settled }: { readonly find: Find; readonly settled: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const { found, now, words } = find;
  const many = found.length === MOST_FOUND ? `${whole(MOST_FOUND)}+` : whole(found.length);
  return (
    <search className="flex flex-none items-center gap-1 border-b border-line-subtle px-3 py-1.5 text-small">
      <input
        ref={input}
        type="search"
        aria-label="Search in the diff"
        placeholder="Search in the diff"
        value={words}
        onChange={(event) => find.setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find.step(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') find.setOpen(false);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="h-7 w-64 max-w-full min-w-0 rounded-md bg-raised px-2.5 shadow-[inset_0_0_0_1px_var(--border-control)] pointer-coarse:h-11"
      />
      <span role="status" className="num px-1.5 text-fg-3">
        {words === '' ? '' : found.length === 0 ? 'Nothing found' : `${whole(now + 1)} of ${many}`}
        {words !== '' && !settled && ', in the lines that are read'}
      </span>
      <Button icon size="sm" aria-label="The one before" disabled={found.length === 0} onClick={() => find.step(-1)}>
        <ChevronUp size={14} strokeWidth={1.75} aria-hidden />
      </Button>
      <Button icon size="sm" aria-label="The next one" disabled={found.length === 0} onClick={() => find.step(1)}>
        <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
      </Button>
      <Button icon size="sm" aria-label="Close the search" className="ml-auto" onClick={() => find.setOpen(false)}>
        <X size={14} strokeWidth={1.75} aria-hidden />
      </Button>
    </search>
  );
}
