/** Search in one transcript: the server looks, the view goes from hit to hit, the newest first. */
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/call.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { whole } from '../../ui/format.ts';
import { sentenceOf } from '../../ui/problem.tsx';

interface SearchBarProps {
  readonly run: string;
  readonly onGoal: (seq: number) => void;
  readonly onClose: () => void;
}

interface Found {
  readonly query: string;
  /** Numbers of records, the newest first. */
  readonly hits: readonly number[];
  /** Where to look on; null: nothing is left. */
  readonly before: number | null;
  readonly at: number;
  readonly error: unknown;
}

const NOTHING: Found = { query: '', hits: [], before: null, at: 0, error: null };
const PAGE = 100;
/** One search looks at so many windows at most before it says what it has. */
const WINDOWS = 5;

export function SearchBar({ run, onGoal, onClose }: SearchBarProps) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<Found>(NOTHING);
  const [busy, setBusy] = useState(false);

  const looking = useRef<AbortController | null>(null);
  useEffect(() => () => looking.current?.abort(), []);

  /** A newer search, and a bar that is closed, end an older one. */
  async function look(query: string, from: Found | null): Promise<void> {
    looking.current?.abort();
    const own = new AbortController();
    looking.current = own;
    setBusy(true);
    try {
      let before = from?.before ?? undefined;
      const hits = [...(from?.hits ?? [])];
      const known = hits.length;
      let next: number | null = null;
      for (let window = 0; window < WINDOWS; window += 1) {
        const input = { run, search: query, limit: PAGE, ...(before === undefined ? {} : { before }) };
        const read = await call('runs.messages', input, { signal: own.signal });
        if (own.signal.aborted) return;
        hits.push(...read.items.map(({ seq }) => seq).reverse());
        next = read.next_before;
        if (next === null || hits.length > known) break;
        before = next;
      }
      const at = from === null ? 0 : Math.min(known, Math.max(0, hits.length - 1));
      setFound({ query, hits, before: next, at, error: null });
      const seq = hits[at];
      if (seq !== undefined) onGoal(seq);
    } catch (error) {
      if (!own.signal.aborted) setFound({ ...(from ?? NOTHING), query, error });
    } finally {
      if (looking.current === own) setBusy(false);
    }
  }

  function go(step: number): void {
    if (found.query !== text.trim() || found.hits.length === 0) {
      if (text.trim() !== '') void look(text.trim(), null);
      return;
    }
    const at = found.at + step;
    if (at >= found.hits.length && found.before !== null) {
      void look(found.query, found);
      return;
    }
    const wrapped = (at + found.hits.length) % found.hits.length;
    setFound({ ...found, at: wrapped });
    const seq = found.hits[wrapped];
    if (seq !== undefined) onGoal(seq);
  }

  // Looks when somebody pauses, not at each letter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed begins a search
  useEffect(() => {
    const query = text.trim();
    if (query.length < 2 || query === found.query) return;
    const timer = setTimeout(() => void look(query, null), 300);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <search className="flex flex-none items-center gap-1.5 border-b border-line-subtle px-4 py-1.5 max-phone:px-3">
      <TextInput
        // The person has just asked for it.
        autoFocus
        type="search"
        aria-label="Search in the transcript"
        placeholder="Search in the transcript"
        value={text}
        maxLength={200}
        className="!h-7 max-w-80"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          }
        }}
      />
      <span role="status" className="num min-w-0 truncate text-small text-fg-3">
        {statusOf(found, text, busy)}
      </span>
      <Button icon size="sm" aria-label="Newer hit" disabled={found.hits.length === 0} onClick={() => go(-1)} className="ml-auto">
        <ChevronDown size={14} strokeWidth={1.75} />
      </Button>
      <Button icon size="sm" aria-label="Older hit" disabled={found.hits.length === 0} busy={busy} onClick={() => go(1)}>
        <ChevronUp size={14} strokeWidth={1.75} />
      </Button>
      <Button icon size="sm" aria-label="Close the search" onClick={onClose}>
        <X size={14} strokeWidth={1.75} />
      </Button>
    </search>
  );
}

function statusOf({ query, hits, before, at, error }: Found, text: string, busy: boolean): string {
  if (error !== null) return sentenceOf(error);
  if (text.trim() === '' || query === '') return '';
  if (hits.length === 0) return busy ? 'It looks…' : before === null ? 'Nothing found' : 'Nothing found in the newest part';
  return `${whole(at + 1)} of ${whole(hits.length)}${before === null ? '' : '+'}`;
}
