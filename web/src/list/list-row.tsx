import { Link } from '@tanstack/react-router';
import { GitMerge } from 'lucide-react';
import { memo } from 'react';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { PROFILE_ICON } from '../board/card.tsx';
import { runningMs } from '../board/card-strip.ts';
import { outcomeWords } from '../run/status-words.ts';
import { useCard } from '../store/use-runs.ts';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/class-names.ts';
import { ago, duration, money, words } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { modelName } from '../ui/model-name.ts';
import { tip } from '../ui/tooltip.tsx';
import { useNow } from '../ui/use-now.ts';

interface ListRowProps {
  /** As it was read; what came since is asked of the store. */
  readonly card: RunCard;
  readonly chosen: boolean;
  /** `range`: from the last that was chosen to this one. */
  readonly onChoose: (id: string, on: boolean, range: boolean) => void;
}

/** Status, title, project, model, change, cost, time, when it was made. */
export const WIDE_GRID =
  'grid grid-cols-[28px_minmax(120px,0.9fr)_minmax(160px,3fr)_minmax(80px,1fr)_minmax(90px,0.7fr)_110px_84px_84px_84px] items-center';

export function statusWord(card: Pick<RunCard, 'status' | 'outcome' | 'open_question' | 'waiting'>): string {
  if (card.open_question !== null) return 'Input Required';
  if (card.status === 'failed' && card.outcome !== null && card.outcome !== 'completed') return outcomeWords(card.outcome);
  return words(card.status);
}

export const ListRow = memo(function ListRow({ card: read, chosen, onChoose }: ListRowProps) {
  const card = useCard(read.id) ?? read;
  const Profile = PROFILE_ICON[card.profile];
  return (
    <>
      <td className="grid place-items-center max-phone:hidden">
        <Checkbox
          aria-label={`Choose ${card.title}`}
          checked={chosen}
          onChange={() => {}}
          onClick={(event) => onChoose(card.id, !chosen, event.shiftKey)}
        />
      </td>
      <td className={cx('flex min-w-0 items-center gap-1.5 text-fg-2', card.open_question !== null && 'font-medium !text-accent-fg')}>
        <Glyph name={card.status === 'running' && card.waiting !== null ? 'waiting' : card.status} size={13} />
        <span className="truncate">{statusWord(card)}</span>
      </td>
      <td className="flex min-w-0 items-center gap-2">
        <Link
          to="/runs/$run"
          params={{ run: card.id }}
          data-row-link
          className={cx('truncate text-fg hover:underline', card.unread ? 'font-semibold' : 'font-medium')}
          {...(card.title.length > 60 ? tip(card.title) : {})}
        >
          {card.title}
        </Link>
        {card.unread && <span className="size-[7px] flex-none rounded-full bg-accent" {...tip('Unread')} />}
        {card.merged_commit !== null && (
          <span className="flex-none text-completed-fg" {...tip(`Merged as ${card.merged_commit.slice(0, 8)}`)}>
            <GitMerge size={12} strokeWidth={1.75} />
          </span>
        )}
      </td>
      <td className="truncate text-fg-2">{card.project}</td>
      <td className="flex min-w-0 items-center gap-1.5 text-fg-2" {...tip(`Profile ${card.profile}`)}>
        <Profile size={12} strokeWidth={1.75} className="flex-none text-fg-3" />
        <span className="truncate">{modelName(card.model, card.agent)}</span>
      </td>
      <td className="num text-end">
        {card.insertions + card.deletions > 0 && (
          <>
            <span className="text-diff-add-fg">+{card.insertions}</span> <span className="text-diff-del-fg">−{card.deletions}</span>
          </>
        )}
      </td>
      <td className="num text-end text-fg">{money(card.cost_usd)}</td>
      <td className="num text-end text-fg-2">
        <Lasted card={card} />
      </td>
      <td className="num text-end text-fg-3">
        <Ago at={card.created_at} />
      </td>
    </>
  );
});

/** On a phone: the title, and below it what matters. */
export const PhoneRow = memo(function PhoneRow({ card: read }: { card: RunCard }) {
  const card = useCard(read.id) ?? read;
  return (
    <td className="flex min-w-0 flex-1 flex-col justify-center gap-0.5">
      <Link
        to="/runs/$run"
        params={{ run: card.id }}
        data-row-link
        className={cx('truncate text-prose text-fg after:absolute after:inset-0', card.unread ? 'font-semibold' : 'font-medium')}
      >
        {card.title}
      </Link>
      <span className="flex min-w-0 items-center gap-2 text-small text-fg-2">
        <Glyph name={card.status === 'running' && card.waiting !== null ? 'waiting' : card.status} size={13} />
        <span className={cx('flex-none', card.open_question !== null && 'font-medium text-accent-fg')}>{statusWord(card)}</span>
        <span className="truncate text-fg-3">{card.project}</span>
        <span className="num ml-auto flex-none text-fg">{money(card.cost_usd)}</span>
        <span className="num flex-none text-fg-3">
          <Ago at={card.created_at} />
        </span>
      </span>
    </td>
  );
});

function Lasted({ card }: { card: RunCard }) {
  const ms = runningMs(card, useNow(card.status === 'running' ? 1_000 : 60_000));
  return ms === null ? null : duration(ms);
}

function Ago({ at }: { at: string }) {
  return ago(Date.parse(at), useNow(60_000)).replace(' ago', '');
}
