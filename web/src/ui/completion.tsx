/** Completion of `/` commands and `@` files, docked inside the box that is typed in. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FileCode2, SquareSlash } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { operationQuery } from '../api/query.ts';
import { cx } from './class-names.ts';
import type { CompletionToken } from './completion-token.ts';
import { findLetters, rankLetters } from './letters.ts';
import { Marked } from './marked.tsx';
import { sentenceOf } from './problem.tsx';

export interface Offer {
  /** What is put in, without its sign. */
  readonly word: string;
  readonly note: string | null;
}

export interface Offers {
  readonly items: readonly Offer[];
  /** Why there is none, when there is none. */
  readonly why: string | null;
}

const MOST = 8;

/** What fits the token; null: no completion is asked for. */
export function useOffers(project: string | null, token: CompletionToken | null): Offers | null {
  const query = useDeferredValue(token?.query ?? '');
  const files = useQuery({
    ...operationQuery('projects.files', { project: project ?? '', query, limit: MOST }),
    enabled: project !== null && token?.kind === 'file',
    placeholderData: keepPreviousData,
  });
  const commands = useQuery({
    ...operationQuery('projects.commands', { project: project ?? '' }),
    enabled: project !== null && token?.kind === 'command',
  });
  return useMemo(() => {
    if (token === null) return null;
    if (project === null) return { items: [], why: 'Choose a project first.' };
    const answer = token.kind === 'file' ? files : commands;
    if (answer.error !== null) return { items: [], why: sentenceOf(answer.error) };
    if (answer.data === undefined) return { items: [], why: null };
    const items =
      token.kind === 'file'
        ? (files.data?.items ?? []).map((word) => ({ word, note: null }))
        : (commands.data?.items ?? [])
            .map(({ name, description, argument_hint }) => ({
              word: name,
              note: [argument_hint, description].filter(Boolean).join(' · ') || null,
            }))
            .map((offer) => ({ offer, rank: rankLetters(offer.word, token.query) }))
            .filter(({ rank }) => rank !== null)
            .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
            .slice(0, MOST)
            .map(({ offer }) => offer);
    const none = token.kind === 'file' ? 'No file fits.' : 'No command fits.';
    return { items, why: items.length === 0 ? none : null };
  }, [token, project, files, commands]);
}

/** Which of the offers is chosen; the first one whenever they change. */
export function useChosen(offers: Offers | null): [number, (next: number) => void] {
  const [chosen, setChosen] = useState(0);
  const words = offers?.items.map(({ word }) => word).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words are what sends it back to the first
  useEffect(() => setChosen(0), [words]);
  const count = offers?.items.length ?? 0;
  return [Math.min(chosen, Math.max(0, count - 1)), (next) => setChosen(count === 0 ? 0 : (next + count) % count)];
}

interface CompletionListProps {
  readonly id: string;
  readonly token: CompletionToken;
  readonly offers: Offers;
  readonly chosen: number;
  readonly onChoose: (offer: Offer) => void;
}

export function CompletionList({ id, token, offers, chosen, onChoose }: CompletionListProps) {
  const Icon = token.kind === 'file' ? FileCode2 : SquareSlash;
  return (
    <div className="border-y border-line-subtle bg-panel p-1">
      <div id={id} role="listbox" aria-label={token.kind === 'file' ? 'Files' : 'Commands'}>
        {offers.items.map((offer, index) => (
          <div
            key={offer.word}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            tabIndex={-1}
            // The focus stays in the text.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(offer)}
            onKeyDown={undefined}
            className={cx(
              'flex min-h-7 cursor-default items-center gap-2 rounded-md px-2.5 text-small text-fg-2 pointer-coarse:min-h-11',
              index === chosen ? 'bg-active text-fg' : 'hover:bg-hover',
            )}
          >
            <Icon size={14} strokeWidth={1.75} className="flex-none text-fg-3" />
            <span className="mono truncate">
              <Marked text={offer.word} marks={findLetters(offer.word, token.query) ?? []} className="font-semibold text-accent-fg" />
            </span>
            {offer.note !== null && <span className="ml-auto min-w-0 truncate pl-4 text-micro text-fg-3">{offer.note}</span>}
          </div>
        ))}
      </div>
      {offers.why !== null && <p className="px-2.5 py-1 text-small text-fg-2">{offers.why}</p>}
      <p
        hidden={offers.items.length === 0}
        className="flex items-center gap-1 px-2.5 pt-1 pb-0.5 text-micro text-fg-3 pointer-coarse:hidden"
        aria-hidden="true"
      >
        <kbd>↑</kbd>
        <kbd>↓</kbd>
        choose
        <kbd className="ml-1.5">↵</kbd>
        insert
        <kbd className="ml-1.5">Esc</kbd>
        close
      </p>
    </div>
  );
}
