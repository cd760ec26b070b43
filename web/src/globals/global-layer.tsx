/** What belongs to no view: dialogs that open from anywhere, tooltips, shortcuts that work everywhere. Once, inside the router. */
import { useNavigate } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { shortcutList } from '../keyboard/open-shortcuts.ts';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { newRun, openNewRun } from '../new-run/open-new-run.ts';
import { openPalette, palette } from '../palette/open-palette.ts';
import { UpdateBanner } from '../pwa/update-banner.tsx';
import { answerOldest } from '../questions/answer-oldest.ts';
import { shownQuestion } from '../questions/open-question.ts';
import { type Signal, useSignal } from '../ui/signal.ts';
import { Tooltips } from '../ui/tooltip.tsx';
import { useGlobalEffects } from './use-global-effects.ts';

const NewRunDialog = lazy(async () => ({ default: (await import('../new-run/new-run-dialog.tsx')).NewRunDialog }));
const QuestionDialog = lazy(async () => ({ default: (await import('../questions/question-dialog.tsx')).QuestionDialog }));
const Palette = lazy(async () => ({ default: (await import('../palette/palette.tsx')).Palette }));
const ShortcutList = lazy(async () => ({ default: (await import('../keyboard/shortcut-list.tsx')).ShortcutList }));

export function GlobalLayer() {
  const navigate = useNavigate();
  useGlobalEffects();
  useShortcuts('Everywhere', [
    { keys: 'n', label: 'New run', run: () => openNewRun() },
    { keys: 'mod+k', label: 'Palette', run: () => openPalette() },
    { keys: 'a', label: 'Answer the oldest question', run: () => void answerOldest() },
    { keys: '?', label: 'List of shortcuts', run: () => shortcutList.set(true) },
    { keys: 'g b', label: 'Board', run: () => void navigate({ to: '/' }) },
    { keys: 'g l', label: 'List', run: () => void navigate({ to: '/list' }) },
    { keys: 'g a', label: 'Activity', run: () => void navigate({ to: '/activity' }) },
    { keys: 'g u', label: 'Usage', run: () => void navigate({ to: '/usage' }) },
    { keys: 'g p', label: 'Projects', run: () => void navigate({ to: '/projects' }) },
    { keys: 'g s', label: 'Settings', run: () => void navigate({ to: '/settings' }) },
  ]);
  return (
    <>
      <WhenOpened by={newRun} shows={NewRunDialog} />
      <WhenOpened by={shownQuestion} shows={QuestionDialog} />
      <WhenOpened by={palette} shows={Palette} />
      <WhenOpened by={shortcutList} shows={ShortcutList} />
      <UpdateBanner />
      <Tooltips />
    </>
  );
}

/** Loads a dialog when it is first opened; from then on it is there, so that it can close as softly as it came. */
function WhenOpened<T>({ by, shows: Shown }: { by: Signal<T>; shows: ComponentType }) {
  const value = useSignal(by);
  const [opened, setOpened] = useState(false);
  if (value !== null && value !== false && !opened) setOpened(true);
  return <Suspense>{opened && <Shown />}</Suspense>;
}
