/** Head of the run view: where we are, what it is called, how it stands, what can be done, the figures. */
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp, Link2, Maximize2, PanelRightClose, PanelRightOpen, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { cards } from '../store/use-runs.ts';
import { Button } from '../ui/button.tsx';
import { money, shortId } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { toast, toastFailure } from '../ui/toast.tsx';
import { tip } from '../ui/tooltip.tsx';
import { Elapsed } from './elapsed.tsx';
import { neighbours } from './neighbours.ts';
import { RunActions } from './run-actions.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunTitle } from './run-title.tsx';
import { StatusChip, WaitingChip } from './status-chip.tsx';
import { useMayAct } from './use-may-act.ts';

export interface RunHeadProps {
  readonly run: Run;
  /** Set in the side panel of the board. */
  readonly onClose?: (() => void) | undefined;
  readonly sideOpen: boolean;
  readonly onSide: () => void;
  /** The row of tabs. */
  readonly children: ReactNode;
}

export function RunHead({ run, onClose, sideOpen, onSide, children }: RunHeadProps) {
  const mayAct = useMayAct();
  const glyph = run.open_question !== null ? 'review' : run.status;
  return (
    <header className="run-head">
      <Crumbs run={run} onClose={onClose} sideOpen={sideOpen} onSide={onSide} />
      <div className="flex min-w-0 items-center gap-2.5">
        <Link
          to="/"
          aria-label="Back to the board"
          className="hidden size-11 flex-none place-items-center text-fg-2 max-phone:-ml-3 max-phone:grid"
        >
          <ChevronLeft size={20} strokeWidth={1.75} />
        </Link>
        <Glyph name={glyph} size={16} className="max-phone:hidden" />
        <RunTitle run={run} editable={mayAct} />
        <span className="flex min-w-0 items-center gap-2.5 max-phone:hidden">
          <StatusChip run={run} />
          {run.waiting !== null && run.waiting.reason !== 'input' && <WaitingChip waiting={run.waiting} />}
        </span>
        {mayAct && <RunActions run={run} />}
      </div>
      <PhoneFacts run={run} onSide={onSide} />
      <div className="max-phone:hidden">
        <RunFacts run={run} />
      </div>
      {children}
    </header>
  );
}

function Crumbs({ run, onClose, sideOpen, onSide }: Omit<RunHeadProps, 'children'>) {
  const navigate = useNavigate();
  const inPanel = onClose !== undefined;
  const { previous, next } = neighbours(cards.all(), run);

  function open(id: string | null): void {
    if (id === null) return;
    if (inPanel) void navigate({ to: '/', search: (search) => ({ ...search, run: id }) });
    else void navigate({ to: '/runs/$run', params: { run: id }, search: (search) => ({ tab: search.tab }) });
  }
  function copyLink(): void {
    const link = `${location.origin}/runs/${run.id}`;
    navigator.clipboard.writeText(link).then(
      () => toast({ kind: 'info', title: 'Link copied', text: link }),
      (error: unknown) => toastFailure('The link was not copied', error),
    );
  }
  useShortcuts('Run', [
    { keys: 'k', label: 'Previous run', when: () => previous !== null, run: () => open(previous) },
    { keys: 'j', label: 'Next run', when: () => next !== null, run: () => open(next) },
  ]);
  const PanelIcon = sideOpen ? PanelRightClose : PanelRightOpen;
  return (
    <nav aria-label="Place of this run" className="flex items-center gap-1.5 text-small text-fg-3 max-phone:hidden">
      <Link to="/" search={{}} className="hover:text-fg">
        Board
      </Link>
      <ChevronRight size={12} strokeWidth={1.75} aria-hidden />
      <Link to="/" search={{ project: run.project }} className="truncate hover:text-fg">
        {run.project}
      </Link>
      <ChevronRight size={12} strokeWidth={1.75} aria-hidden />
      <span className="mono text-micro">{shortId(run.id)}</span>
      <span className="ml-auto flex items-center gap-0.5">
        <Button
          icon
          size="sm"
          aria-label="Previous run, k"
          {...tip('Previous run  K')}
          disabled={previous === null}
          onClick={() => open(previous)}
        >
          <ChevronUp size={14} strokeWidth={1.75} />
        </Button>
        <Button icon size="sm" aria-label="Next run, j" {...tip('Next run  J')} disabled={next === null} onClick={() => open(next)}>
          <ChevronDown size={14} strokeWidth={1.75} />
        </Button>
        <Button icon size="sm" aria-label="Copy the link" {...tip('Copy the link')} onClick={copyLink}>
          <Link2 size={13} strokeWidth={1.75} />
        </Button>
        <Button
          icon
          size="sm"
          aria-label={sideOpen ? 'Hide the side panel' : 'Show the side panel'}
          aria-expanded={sideOpen}
          onClick={onSide}
        >
          <PanelIcon size={14} strokeWidth={1.75} />
        </Button>
        {inPanel && (
          <>
            <Link
              to="/runs/$run"
              params={{ run: run.id }}
              aria-label="Open as a page"
              {...tip('Open as a page')}
              className="grid size-6 place-items-center rounded-[5px] text-fg-2 hover:bg-hover pointer-coarse:size-11"
            >
              <Maximize2 size={13} strokeWidth={1.75} />
            </Link>
            <Button icon size="sm" aria-label="Close" onClick={onClose}>
              <X size={14} strokeWidth={1.75} />
            </Button>
          </>
        )}
      </span>
    </nav>
  );
}

/** The one line of figures that a phone has place for. */
function PhoneFacts({ run, onSide }: { run: Run; onSide: () => void }) {
  return (
    <div className="hidden items-center gap-2 text-small max-phone:flex">
      <Glyph name={run.open_question !== null ? 'review' : run.status} size={14} />
      <StatusChip run={run} />
      <span className="truncate text-fg-3">{run.project}</span>
      <span className="num ml-auto flex-none text-fg-2">
        <b className="font-medium text-fg">{money(run.cost_usd)}</b>
        {run.started_at !== null && (
          <>
            {' · '}
            <Elapsed from={run.started_at} to={run.ended_at} />
          </>
        )}
      </span>
      <Button icon aria-label="Show the side panel" className="-my-2 -mr-2" onClick={onSide}>
        <PanelRightOpen size={16} strokeWidth={1.75} />
      </Button>
    </div>
  );
}
