/** The run view, as a page and as the side panel of the board: one component. Keyed by the run, so that nothing of one shows in another. */

import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { ViewBoundary } from '../app/view-boundary.tsx';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { cx } from '../ui/class-names.ts';
import { Empty } from '../ui/empty.tsx';
import { Problem } from '../ui/problem.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useMedia } from '../ui/use-media.ts';
import { RunHead } from './run-head.tsx';
import { isTab, RunTabs, TABS, type TabName } from './run-tabs.tsx';
import { SidePanel } from './side-panel.tsx';
import { TabContent } from './tab-content.tsx';
import { useLiveQueries } from './use-live-queries.ts';
import { useRun } from './use-run.ts';
import './run.css';

export interface RunViewProps {
  /** The whole id. */
  readonly id: string;
  readonly tab: string | undefined;
  readonly onTab: (tab: TabName) => void;
  /** A record of the transcript to begin at. */
  readonly seq?: number | undefined;
  /** The file to begin the changes with, and who is told when the person goes to another. */
  readonly file?: string | undefined;
  readonly onFile?: (path: string) => void;
  /** Set in the side panel of the board. */
  readonly onClose?: () => void;
}

export function RunView(props: RunViewProps) {
  const state = useRun(props.id);
  switch (state.state) {
    case 'there':
      return <Shown {...props} run={state.run} />;
    case 'gone':
      return <Gone was={state.was} {...(props.onClose === undefined ? {} : { onClose: props.onClose })} />;
    case 'failed':
      return (
        <div className="m-auto w-full max-w-md p-4">
          <Problem title="The run could not be read" error={state.error} onRetry={state.retry} />
        </div>
      );
    case 'loading':
      return <Loading />;
    default:
      return state satisfies never;
  }
}

const WIDE = '(min-width: 1120px)';
const SIDE_KEY = 'gluon.run-side';

function Shown({ run, tab, onTab, seq, file, onFile, onClose }: RunViewProps & { run: Run }) {
  useLiveQueries(run.id);
  const panel = useId();
  const current: TabName = isTab(tab) ? tab : 'messages';
  // A change side by side needs the whole width.
  const wide = useMedia(WIDE) && onClose === undefined && current !== 'files';
  const [beside, setBeside] = useState(() => localStorage.getItem(SIDE_KEY) !== 'off');
  const [drawer, setDrawer] = useState(false);
  const sideOpen = wide ? beside : drawer;

  function toggleSide(): void {
    if (!wide) {
      setDrawer(!drawer);
      return;
    }
    if (beside) localStorage.setItem(SIDE_KEY, 'off');
    else localStorage.removeItem(SIDE_KEY);
    setBeside(!beside);
  }

  useShortcuts('Run', [
    ...TABS.map(({ name, label }, index) => ({ keys: String(index + 1), label, run: () => onTab(name) })),
    { keys: 'g f', label: 'Review the changes', run: () => onTab('files') },
    { keys: 'escape', when: () => !wide && drawer, run: () => setDrawer(false) },
  ]);

  return (
    <article
      aria-label={run.title}
      className={cx('run-view relative flex min-h-0 min-w-0 flex-1 flex-col', onClose !== undefined && 'in-panel')}
    >
      <RunHead run={run} onClose={onClose} sideOpen={sideOpen} onSide={toggleSide}>
        <RunTabs run={run} current={current} onChange={onTab} panel={panel} />
      </RunHead>
      <div className={cx('grid min-h-0 flex-1', wide && beside ? 'grid-cols-[minmax(0,1fr)_var(--w-inspector)]' : 'grid-cols-1')}>
        <div
          id={panel}
          role="tabpanel"
          aria-labelledby={`${panel}-${current}`}
          tabIndex={-1}
          className="flex min-h-0 min-w-0 flex-col outline-none"
        >
          <ViewBoundary name={`run, ${current}`} key={current}>
            <TabContent tab={current} run={run} seq={seq} file={file} onFile={onFile} />
          </ViewBoundary>
        </div>
        {wide && beside && <SidePanel run={run} />}
      </div>
      {!wide && drawer && <Drawer run={run} onClose={() => setDrawer(false)} />}
    </article>
  );
}

function Drawer({ run, onClose }: { run: Run; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div className="absolute inset-0 z-(--z-sticky) flex justify-end">
      <button type="button" aria-label="Close the side panel" tabIndex={-1} className="absolute inset-0 bg-scrim" onClick={onClose} />
      <div ref={box} tabIndex={-1} className="relative flex w-(--w-inspector) max-w-[88%] flex-col bg-panel shadow-dialog outline-none">
        <SidePanel run={run} onClose={onClose} />
      </div>
    </div>
  );
}

function Gone({ was, onClose }: { was: boolean; onClose?: () => void }) {
  return (
    <Empty
      icon={SearchX}
      title={was ? 'This run was removed' : 'There is no such run'}
      text={
        was
          ? 'Its transcript and its working copy went with it. Drafts you wrote for it are kept in this browser.'
          : 'The address may be old, or cut off.'
      }
    >
      {onClose === undefined ? (
        <Link to="/" className="text-link">
          To the board
        </Link>
      ) : (
        <button type="button" className="text-link" onClick={onClose}>
          Close
        </button>
      )}
    </Empty>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="The run is read" className="flex flex-col gap-3 p-4">
      <Skeleton className="w-40" />
      <Skeleton className="h-5 w-96" />
      <Skeleton className="w-[60%]" />
    </div>
  );
}
