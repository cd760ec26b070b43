/** Buttons of the header by status, the menu behind them, and the questions before what cannot be taken back. */
import {
  Archive,
  ArchiveRestore,
  Check,
  CircleStop,
  Copy,
  Ellipsis,
  GitFork,
  GitMerge,
  Hand,
  LifeBuoy,
  type LucideIcon,
  Play,
  RotateCcw,
  Undo2,
  X,
} from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { Button } from '../ui/button.tsx';
import { shortId } from '../ui/format.ts';
import { Menu } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/popup-types.ts';
import { toast, toastFailure } from '../ui/toast.tsx';
import { tip } from '../ui/tooltip.tsx';
import { ACTIONS, type ActionName, actionsOf } from './actions.ts';
import { FAILED, type PlainAction, perform } from './perform.ts';

const AskFirst = lazy(async () => ({ default: (await import('./ask-first.tsx')).AskFirst }));
const ForkDialog = lazy(async () => ({ default: (await import('./fork-dialog.tsx')).ForkDialog }));
const LimitsDialog = lazy(async () => ({ default: (await import('./limits-dialog.tsx')).LimitsDialog }));

const ICONS: Record<ActionName, LucideIcon> = {
  cancel: X,
  stop: CircleStop,
  interrupt: Hand,
  accept: Check,
  merge: GitMerge,
  resume: Play,
  fork: GitFork,
  queue: RotateCcw,
  recover: LifeBuoy,
  reopen: Undo2,
  archive: Archive,
  unarchive: ArchiveRestore,
  undelete: ArchiveRestore,
};
const TIPS: Partial<Record<ActionName, string>> = {
  interrupt: 'Stop the attempt; the run goes to Review and can be resumed',
  accept: 'The work is done: move it to Done. Nothing is merged by this.',
  recover: 'Go on in a fresh session with a digest of this one',
  resume: 'Go on in the same session',
};
/** Asked before: what they stop or change does not come back by itself. */
const ASKED: ReadonlySet<ActionName> = new Set(['cancel', 'stop', 'merge']);
/** Stay in sight on a phone; the rest is in the menu. */
const ON_PHONE: ReadonlySet<ActionName> = new Set(['stop', 'cancel', 'accept', 'queue', 'reopen']);

type Open = 'fork' | 'limits' | { readonly ask: PlainAction } | null;

export function RunActions({ run }: { run: Run }) {
  const [busy, setBusy] = useState<ActionName | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const set = actionsOf(run);

  function act(action: PlainAction): void {
    setBusy(action);
    perform(action, run)
      .catch((error: unknown) => toastFailure(FAILED[action], error))
      .finally(() => {
        setBusy(null);
        setOpen(null);
      });
  }

  function begin(action: ActionName): void {
    if (action === 'fork') setOpen('fork');
    else if (ASKED.has(action)) setOpen({ ask: action });
    else act(action);
  }

  useShortcuts('Run', [
    { keys: 'shift+f', label: 'Fork', when: () => set.header.includes('fork'), run: () => begin('fork') },
    { keys: 'shift+x', label: 'Stop the run (asks)', when: () => set.header.includes('stop'), run: () => begin('stop') },
    // The rest has no key; the palette offers it.
    ...[...set.header, ...set.menu]
      .filter((name) => name !== 'fork' && name !== 'stop')
      .map((name) => ({ keys: '', label: ACTIONS[name].label, run: () => begin(name) })),
  ]);

  function entries(): MenuEntry[] {
    const item = (name: ActionName): MenuEntry => {
      const Icon = ICONS[name];
      return {
        label: ACTIONS[name].label,
        icon: <Icon size={14} strokeWidth={1.75} />,
        danger: ASKED.has(name) && name !== 'merge',
        run: () => begin(name),
      };
    };
    const narrow = matchMedia('(max-width: 639.98px)').matches;
    const hidden = narrow ? set.header.filter((name) => !ON_PHONE.has(name)).map(item) : [];
    const own = set.menu.map(item);
    return [
      ...hidden,
      ...(hidden.length > 0 && own.length > 0 ? (['line'] as const) : []),
      ...own,
      { label: 'Change the limits…', icon: <span />, run: () => setOpen('limits') },
      'line',
      copyEntry('Copy the id', run.id),
      copyEntry('Copy the link', `${location.origin}/runs/${run.id}`),
      { heading: 'Commands' },
      copyEntry(`gluon show ${shortId(run.id)}`, `gluon show ${shortId(run.id)}`),
      copyEntry(`gluon logs -f ${shortId(run.id)}`, `gluon logs -f ${shortId(run.id)}`),
    ];
  }

  return (
    <div className="ml-auto flex flex-none items-center gap-1">
      {set.header.map((name) => {
        const Icon = ICONS[name];
        return (
          <Button
            key={name}
            kind={name === set.primary ? 'primary' : name === 'stop' ? 'danger' : 'outline'}
            busy={busy === name}
            onClick={() => begin(name)}
            className={ON_PHONE.has(name) ? undefined : 'max-phone:hidden'}
            {...tip(TIPS[name])}
          >
            <Icon size={14} strokeWidth={1.75} aria-hidden />
            <span className="max-phone:sr-only">{ACTIONS[name].label}</span>
          </Button>
        );
      })}
      <Menu
        label="More actions"
        entries={entries}
        trigger={(props) => (
          <Button {...props} icon aria-label="More actions">
            <Ellipsis size={16} strokeWidth={1.75} />
          </Button>
        )}
      />
      <Suspense>
        {open === 'fork' && <ForkDialog run={run} onClose={() => setOpen(null)} />}
        {open === 'limits' && <LimitsDialog run={run} onClose={() => setOpen(null)} />}
        {open !== null && typeof open === 'object' && (
          <AskFirst action={open.ask} run={run} busy={busy !== null} onClose={() => setOpen(null)} onAction={() => act(open.ask)} />
        )}
      </Suspense>
    </div>
  );
}

function copyEntry(label: string, text: string): MenuEntry {
  return {
    label,
    icon: <Copy size={13} strokeWidth={1.75} />,
    run: () => {
      navigator.clipboard.writeText(text).then(
        () => toast({ kind: 'info', title: 'Copied', text }),
        (error: unknown) => toastFailure('Nothing was copied', error),
      );
    },
  };
}
