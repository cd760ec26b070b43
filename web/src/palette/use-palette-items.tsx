/** Everything that the palette offers for a text, in sections. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { CircleArrowRight, MessageSquareText, Settings2 } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { operationQuery } from '../api/query.ts';
import { Keys } from '../keyboard/keys.tsx';
import { type Binding, shownBindings } from '../keyboard/shortcuts.ts';
import { useCard, useCards } from '../store/use-runs.ts';
import { ago, money } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import type { Mark } from '../ui/letters.ts';
import { sentenceOf } from '../ui/problem.tsx';
import { fitting, fittingRuns, otherRuns, parseText } from './sections.ts';

export interface PaletteItem {
  readonly key: string;
  readonly icon: ReactNode;
  readonly label: string;
  readonly marks: readonly Mark[];
  readonly right: ReactNode;
  /** What Enter does; `beside` with Ctrl or Command: in the side panel. */
  readonly run: () => void;
  readonly beside?: () => void;
}

export interface PaletteSection {
  readonly name: string;
  readonly items: readonly PaletteItem[];
  /** In place of items: why there are none. */
  readonly problem?: string;
}

const SEARCH_AFTER_MS = 150;
const RUNS = 6;
const ACTS = 8;
const SETTINGS = 4;
const HITS = 8;

export function usePaletteItems(text: string, project: string | null): PaletteSection[] {
  const { only, words } = parseText(text);
  const asked = useSettled(words, SEARCH_AFTER_MS);
  const search = useQuery({
    ...operationQuery('search.query', { q: asked || ' ', limit: 20, ...(project === null ? {} : { project }) }),
    enabled: asked.length >= 2 && only !== 'acts',
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const settings = useQuery({ ...operationQuery('settings.list', {}), enabled: words.length >= 2 && only === null });
  const cards = useCards();
  const open = useOpeners();
  const acts = useActs();

  const runs = only === 'acts' ? [] : fittingRuns(project === null ? cards : cards.filter((card) => card.project === project), words, RUNS);
  const hits = words.length >= 2 && only !== 'acts' ? (search.data?.items ?? []) : [];
  const others = otherRuns(hits, new Set(runs.map(({ of }) => of.id))).slice(0, Math.max(0, RUNS - runs.length));
  const now = Date.now();

  const sections: PaletteSection[] = [
    {
      name: words === '' ? 'Runs that need you, and the newest' : 'Runs',
      items: [
        ...runs.map(
          ({ of, marks }): PaletteItem => ({
            key: of.id,
            icon: <Glyph name={of.open_question !== null || of.waiting !== null ? 'waiting' : of.status} size={14} />,
            label: of.title,
            marks,
            right: (
              <>
                {of.open_question !== null && <span className="font-medium text-accent-fg">Input Required</span>}
                <span className="max-w-40 truncate">{of.project}</span>
                {of.ended_at === null ? (
                  <span className="num">{money(of.cost_usd)}</span>
                ) : (
                  <span className="num">{ago(Date.parse(of.ended_at), now)}</span>
                )}
              </>
            ),
            ...open(of.id),
          }),
        ),
        ...others.map(
          (hit): PaletteItem => ({
            key: `run-${hit.run_id}`,
            icon: <Glyph name={hit.status} size={14} />,
            label: hit.run_title,
            marks: hit.field === 'title' && hit.snippet === hit.run_title ? hit.marks : [],
            right: (
              <>
                {hit.archived && <span>archived</span>}
                <span className="max-w-40 truncate">{hit.project}</span>
                <span className="num">{ago(Date.parse(hit.at), now)}</span>
              </>
            ),
            ...open(hit.run_id),
          }),
        ),
      ],
    },
    ...acts.map(({ name, bindings }) => ({
      name,
      items:
        only === 'runs'
          ? []
          : fitting(bindings, words, ({ label }) => label ?? '', ACTS).map(
              ({ of, marks }): PaletteItem => ({
                key: `${name}-${of.label}`,
                icon: <CircleArrowRight size={15} strokeWidth={1.75} className="text-fg-3" />,
                label: of.label ?? '',
                marks,
                right: of.keys === '' ? null : <Keys of={of.keys} />,
                run: () => of.run(new KeyboardEvent('keydown')),
              }),
            ),
    })),
    {
      name: 'In transcripts',
      items: hits
        .filter(({ kind }) => kind === 'message')
        .slice(0, HITS)
        .map(
          (hit): PaletteItem => ({
            key: `${hit.run_id}-${hit.seq}`,
            icon: <MessageSquareText size={15} strokeWidth={1.75} className="text-fg-3" />,
            label: hit.snippet,
            marks: hit.marks,
            right: (
              <>
                <span className="max-w-48 truncate max-phone:hidden">{hit.run_title}</span>
                <span className="num">{ago(Date.parse(hit.at), now)}</span>
              </>
            ),
            ...open(hit.run_id, hit.seq),
          }),
        ),
      ...(search.error !== null && words.length >= 2 && only !== 'acts' ? { problem: sentenceOf(search.error) } : {}),
    },
    {
      name: 'Settings',
      items:
        words.length < 2 || only !== null
          ? []
          : fitting(settings.data?.items ?? [], words, ({ key }) => key, SETTINGS)
              .filter(({ marks }) => marks.length === 1)
              .map(
                ({ of, marks }): PaletteItem => ({
                  key: `setting-${of.key}`,
                  icon: <Settings2 size={15} strokeWidth={1.75} className="text-fg-3" />,
                  label: of.key,
                  marks,
                  right: <span className="max-w-72 truncate">{of.summary}</span>,
                  run: () => open.setting(of.key),
                }),
              ),
    },
  ];
  return sections.filter(({ items, problem }) => items.length > 0 || problem !== undefined);
}

/** What the shown view and the page can do, by their shortcuts; those of a run under its title. */
function useActs(): { name: string; bindings: readonly Binding[] }[] {
  const { run } = useParams({ strict: false });
  const { run: beside } = useSearch({ strict: false }) as { run?: string };
  const title = useCard(run ?? beside ?? '')?.title;
  // Of the moment in which the palette opened: what is below it does not change meanwhile.
  const [shown] = useState(shownBindings);
  return useMemo(() => {
    const sections = [...shown].filter(([scope]) => scope !== 'Dialog');
    // The page's own acts stand last, those of what is shown first.
    sections.sort(([one], [other]) => rankOf(one) - rankOf(other));
    return sections.map(([scope, bindings]) => ({
      name: scope === 'Run' && title !== undefined ? `On “${title}”` : scope,
      bindings: bindings.filter(({ repeat, keys, when }) => repeat !== true && keys !== 'mod+k' && (when === undefined || when())),
    }));
  }, [shown, title]);
}

function rankOf(scope: string): number {
  return scope === 'Everywhere' ? 2 : scope === 'Run' ? 0 : 1;
}

function useOpeners() {
  const navigate = useNavigate();
  const onBoard = useLocation({ select: ({ pathname }) => pathname === '/' });
  return useMemo(() => {
    const openers = (id: string, seq: number | null = null) => ({
      run: () => void navigate({ to: '/runs/$run', params: { run: id }, search: seq === null ? {} : { tab: 'messages', seq } }),
      beside: () => void navigate({ to: '/', search: (before) => ({ ...(onBoard ? before : {}), run: id }) }),
    });
    return Object.assign(openers, { setting: (key: string) => void navigate({ to: '/settings', hash: key }) });
  }, [navigate, onBoard]);
}

/** The value once it has not changed for a moment. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
