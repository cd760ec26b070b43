/** One event: what happened, to which run, by whom, when. */
import { Link } from '@tanstack/react-router';
import {
  FolderGit2,
  GitCommitHorizontal,
  Globe,
  type LucideIcon,
  MessageSquare,
  MessageSquareMore,
  Play,
  Server,
  SquareKanban,
  TriangleAlert,
  Wallet,
} from 'lucide-react';
import { memo } from 'react';
import type { GluonEvent } from '../../../src/contract/resources.ts';
import { useCard } from '../store/use-runs.ts';
import { cx } from '../ui/class-names.ts';
import { clockTime, dateTime, shortId } from '../ui/format.ts';
import { actorWords, eventWords, type Topic } from './event-words.ts';

const ICONS: Record<Topic, LucideIcon> = {
  run: SquareKanban,
  attempt: Play,
  work: GitCommitHorizontal,
  question: MessageSquareMore,
  message: MessageSquare,
  network: Globe,
  money: Wallet,
  project: FolderGit2,
  server: Server,
  trouble: TriangleAlert,
};

export const EventRow = memo(function EventRow({ event }: { event: GluonEvent }) {
  const { topic, text } = eventWords(event);
  const Icon = ICONS[topic];
  return (
    <div className="flex items-start gap-2.5 border-b border-line-subtle px-3.5 py-[7px] hover:bg-hover">
      <Icon
        size={14}
        strokeWidth={1.75}
        aria-hidden
        className={cx('mt-[3px] flex-none', topic === 'trouble' ? 'text-failed-solid' : topic === 'question' ? 'text-accent' : 'text-fg-3')}
      />
      <p className="min-w-0 flex-1 break-words">
        {event.run_id !== null && <RunName id={event.run_id} />}
        <span className={topic === 'trouble' ? 'text-failed-fg' : event.run_id === null ? 'text-fg' : 'text-fg-2'}>{text}</span>
      </p>
      <span className="flex-none pt-0.5 text-small text-fg-3 max-phone:hidden">{actorWords(event.actor)}</span>
      <time dateTime={event.at} title={dateTime(event.at)} className="num w-10 flex-none pt-0.5 text-end text-small text-fg-3">
        {clockTime(event.at)}
      </time>
    </div>
  );
});

/** Runs that are on the board are called by their title, others by their id. */
function RunName({ id }: { id: string }) {
  const card = useCard(id);
  return (
    <>
      <Link
        to="/runs/$run"
        params={{ run: id }}
        className={cx('font-medium text-fg hover:underline', card === undefined && 'mono text-small')}
      >
        {card?.title ?? shortId(id)}
      </Link>
      {card !== undefined && <span className="text-small text-fg-3"> {card.project}</span>}
      <span aria-hidden className="text-fg-3">
        {' · '}
      </span>
    </>
  );
}
