/** What a person can do with a card without dragging it: the same moves, under "Move to". One menu for the whole board. */
import { useNavigate } from '@tanstack/react-router';
import { Archive, Copy, MessageCircleQuestionMark, PanelRight, SquareArrowOutUpRight } from 'lucide-react';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import { Keys } from '../keyboard/keys.tsx';
import { openQuestion } from '../questions/open-question.ts';
import { useMayAct } from '../run/use-may-act.ts';
import { cards } from '../store/use-runs.ts';
import { Glyph } from '../ui/glyph.tsx';
import { MenuPopup } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/popup-types.ts';
import { useSignal } from '../ui/signal.ts';
import { toast, toastFailure } from '../ui/toast.tsx';
import { cardMenu } from './card-menu-state.ts';
import { COLUMN_WORD } from './columns.ts';
import { canMove, moveRun } from './drag.ts';
import { movesOf } from './moves.ts';

export function CardMenu() {
  const open = useSignal(cardMenu);
  const navigate = useNavigate();
  const mayAct = useMayAct();
  const card = open === null ? undefined : cards.get(open.id);

  function entries(run: RunCard): MenuEntry[] {
    const question = run.open_question;
    return [
      ...(question === null
        ? []
        : [{ label: 'Answer', icon: <MessageCircleQuestionMark size={14} />, run: () => openQuestion(question.id) }]),
      {
        label: 'Open beside the board',
        icon: <PanelRight size={14} />,
        hint: <Keys of="mod+enter" />,
        run: () => void navigate({ to: '/', search: (before) => ({ ...before, run: run.id }) }),
      },
      {
        label: 'Open',
        icon: <SquareArrowOutUpRight size={14} />,
        hint: <Keys of="enter" />,
        run: () => void navigate({ to: '/runs/$run', params: { run: run.id } }),
      },
      ...(canMove(run.id) ? [{ heading: 'Move to' } as const] : []),
      ...(canMove(run.id) ? movesOf(run) : []).map(({ to, title }) => ({
        label: COLUMN_WORD[to],
        icon: <Glyph name={to} size={14} />,
        hint: title,
        run: () => void moveRun(run.id, to),
      })),
      'line',
      ...(run.status === 'running' || run.status === 'pending' || !mayAct
        ? []
        : [{ label: 'Archive', icon: <Archive size={14} />, run: () => void archive(run) }]),
      {
        label: 'Copy branch',
        icon: <Copy size={14} />,
        ...(run.branch_name === null ? { refused: 'It has none.' } : {}),
        run: () => void copy(run.branch_name ?? ''),
      },
      { label: 'Copy id', icon: <Copy size={14} />, run: () => void copy(run.id) },
    ];
  }

  return (
    <MenuPopup
      open={card !== undefined}
      onClose={() => cardMenu.set(null)}
      anchor={open?.anchor ?? null}
      label={card === undefined ? '' : card.title}
      entries={card === undefined ? [] : entries(card)}
    />
  );
}

/** Takes an ended run off the board; the toast brings it back. */
export async function archive(run: Pick<RunCard, 'id' | 'title'>): Promise<void> {
  try {
    cards.put([await call('runs.archive', { run: run.id })]);
    toast({
      kind: 'info',
      title: 'Archived',
      text: run.title,
      action: { label: 'Bring it back', run: () => void unarchive(run) },
    });
  } catch (error) {
    toastFailure(`Not archived: ${run.title}`, error);
  }
}

export async function unarchive(run: Pick<RunCard, 'id' | 'title'>): Promise<void> {
  try {
    cards.put([await call('runs.unarchive', { run: run.id })]);
  } catch (error) {
    toastFailure(`Not brought back: ${run.title}`, error);
  }
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ kind: 'info', title: 'Copied', text });
  } catch (error) {
    toastFailure('The browser did not let it be copied', error);
  }
}
