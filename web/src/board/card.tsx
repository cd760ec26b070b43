/** A run on the board. It follows its own run alone, and shows nothing that a healthy run need not say. */
import { useNavigate } from '@tanstack/react-router';
import { Brain, Compass, Ellipsis, Gauge, GitBranch, GitMerge, Glasses, type LucideIcon, MessageSquare, RotateCw, Zap } from 'lucide-react';
import { memo, useCallback, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { cards, useCard } from '../store/use-runs.ts';
import { cx } from '../ui/class-names.ts';
import { duration, money, moneyOf, words } from '../ui/format.ts';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { modelName } from '../ui/model-name.ts';
import { tip } from '../ui/tooltip.tsx';
import { useNow } from '../ui/use-now.ts';
import { openCardMenu } from './card-menu-state.ts';
import { cardName, runningMs, shortBranch, stripOf } from './card-strip.ts';
import { CardStrip } from './card-strip-view.tsx';
import type { Status } from './columns.ts';
import { drag, letGo, moving } from './drag.ts';
import { arrives, leaves } from './floating.ts';
import { dragCard } from './mouse-drag.ts';

export const PROFILE_ICON: Record<RunCard['profile'], LucideIcon> = {
  quick: Zap,
  standard: Gauge,
  deep: Brain,
  planning: Compass,
  review: Glasses,
};

interface CardProps {
  readonly id: string;
  /** The column it stands in: where it is going, while a move is under way. */
  readonly column: Status;
  readonly open: boolean;
}

function useLifted(id: string): boolean {
  return useSyncExternalStore(
    useCallback((listener) => drag.watch(listener), []),
    () => drag.get()?.id === id,
  );
}

export const Card = memo(function Card({ id, column, open }: CardProps) {
  const card = useCard(id);
  const lifted = useLifted(id);
  const element = useRef<HTMLElement>(null);

  useLayoutEffect(() => {
    const here = element.current;
    if (here === null) return;
    arrives(id, here, () => here.querySelector('a')?.focus({ preventScroll: true }));
    const stopDragging = dragCard(here, id);
    return () => {
      stopDragging();
      const next = moving.get().get(id) ?? cards.get(id)?.status;
      // Scrolled away it is asked nothing: only a card that changes its column glides.
      if (next === undefined || next === column) return;
      // Somebody else moved it while it was held.
      if (drag.get()?.id === id) letGo();
      leaves(id, here.getBoundingClientRect(), { focus: here.contains(document.activeElement) });
    };
  }, [id, column]);

  if (card === undefined) return null;
  return (
    <article ref={element} data-run={id} className={cx('card', card.unread && 'card-unread', lifted && 'card-ghost', open && 'card-open')}>
      <Top card={card} />
      <h3 className="card-title">
        <CardLink card={card} open={open} />
      </h3>
      <CardStrip card={card} />
      <Change card={card} />
      <Foot card={card} />
      <button
        type="button"
        className="card-more"
        aria-label={`What to do with ${card.title}`}
        aria-haspopup="menu"
        onClick={(event) => openCardMenu(id, event.currentTarget)}
      >
        <Ellipsis size={14} strokeWidth={1.75} />
      </button>
    </article>
  );
});

/** The whole card is the link: its name says what a glance at the card tells. */
function CardLink({ card, open }: { card: RunCard; open: boolean }) {
  const minute = useNow(60_000);
  const navigate = useNavigate();
  return (
    <a
      href={`/runs/${card.id}`}
      draggable={false}
      className="card-link"
      aria-label={cardName(card, minute)}
      aria-current={open ? 'true' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        void navigate({ to: '/', search: (before) => ({ ...before, run: card.id }) });
      }}
    >
      {card.title}
    </a>
  );
}

function glyphOf(card: RunCard): GlyphName {
  if (card.status !== 'running') return card.status;
  return card.waiting === null && card.open_question === null ? 'healthy' : 'waiting';
}

function Top({ card }: { card: RunCard }) {
  const Profile = PROFILE_ICON[card.profile];
  const model = modelName(card.model, card.agent);
  return (
    <div className="card-top">
      <Glyph name={glyphOf(card)} size={card.status === 'running' ? 12 : 13} />
      <span className="card-project">{card.project}</span>
      <span className="card-marks">
        {card.queued_messages > 0 && (
          <span className="card-mark" {...tip(`${card.queued_messages} ${card.queued_messages === 1 ? 'message waits' : 'messages wait'}`)}>
            <MessageSquare size={12} strokeWidth={1.75} />
            <span className="num">{card.queued_messages}</span>
          </span>
        )}
        {card.attempts > 1 && (
          <span className="card-mark" {...tip(`${card.attempts} attempts`)}>
            <RotateCw size={11} strokeWidth={1.75} />
            <span className="num">{card.attempts}</span>
          </span>
        )}
        <span className="card-mark" {...tip(`Profile ${card.profile}, ${card.model ?? `${words(card.agent)}'s own model`}`)}>
          <Profile size={12} strokeWidth={1.75} />
          <span className="card-model">{model}</span>
        </span>
        {card.unread && <span className="unread-dot" {...tip('Unread')} />}
      </span>
    </div>
  );
}

/** What the run changed, where somebody is to look at it; what the agent does, while it works. */
function Change({ card }: { card: RunCard }) {
  if (card.status === 'review' && card.commit_count + card.insertions + card.deletions > 0)
    return (
      <div className="num flex min-w-0 gap-1.5 text-micro text-fg-2 max-phone:text-small">
        <span className="truncate">
          {card.files_changed} {card.files_changed === 1 ? 'file' : 'files'}, {card.commit_count}{' '}
          {card.commit_count === 1 ? 'commit' : 'commits'}
        </span>
        <span className="ml-auto text-diff-add-fg">+{card.insertions}</span>
        <span className="text-diff-del-fg">−{card.deletions}</span>
      </div>
    );
  if (card.status !== 'running' || card.last_activity === null || stripOf(card) !== null) return null;
  return (
    <p className="truncate text-micro text-fg-2 max-phone:text-small">
      <span className="text-fg-3">{card.last_activity.tool}</span> {card.last_activity.text}
    </p>
  );
}

function Foot({ card }: { card: RunCard }) {
  return (
    <div className="card-foot">
      <span className="card-branch">
        {card.branch_name !== null && (
          <>
            <GitBranch size={11} strokeWidth={1.75} className="flex-none" />
            <span className="truncate" {...tip(card.branch_name)}>
              {shortBranch(card.branch_name)}
            </span>
          </>
        )}
      </span>
      {card.merged_commit !== null && (
        <span className="num flex items-center gap-1 text-completed-fg" {...tip(`Merged as ${card.merged_commit.slice(0, 8)}`)}>
          <GitMerge size={12} strokeWidth={1.75} />
          {card.merged_commit.slice(0, 7)}
        </span>
      )}
      {(card.started_at !== null || (card.cost_usd ?? 0) > 0) && (
        <span className="num font-medium text-fg" {...tip(costTip(card))}>
          {money(card.cost_usd)}
        </span>
      )}
      <Elapsed card={card} />
    </div>
  );
}

function costTip({ cost_usd, max_cost_usd }: RunCard): string | null {
  if (cost_usd === null) return 'At least one call was to a model whose price is not known';
  return max_cost_usd === null ? null : moneyOf(cost_usd, max_cost_usd);
}

/** Only this much is drawn anew each second. */
function Elapsed({ card }: { card: RunCard }) {
  const now = useNow(card.status === 'running' ? 1_000 : 60_000);
  const ms = runningMs(card, now);
  return ms === null ? null : <span className="num">{duration(ms)}</span>;
}
