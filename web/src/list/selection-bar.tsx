import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { cards } from '../store/use-runs.ts';
import { Button } from '../ui/button.tsx';
import { toast, toastFailure } from '../ui/toast.tsx';

interface SelectionBarProps {
  readonly chosen: readonly RunCard[];
  readonly archived: boolean;
  readonly onDone: () => void;
}

/** What can be done with several runs at once. One after the other: each is taken or refused for itself. */
export function SelectionBar({ chosen, archived, onDone }: SelectionBarProps) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);

  async function act(): Promise<void> {
    setBusy(true);
    const refused: { readonly title: string; readonly error: unknown }[] = [];
    let done = 0;
    for (const { id, title } of chosen) {
      try {
        cards.put([await call(archived ? 'runs.unarchive' : 'runs.archive', { run: id })]);
        done += 1;
      } catch (error) {
        refused.push({ title, error });
        if (error instanceof ApiFailure && error.offline) break;
      }
    }
    const [first] = refused;
    if (first !== undefined)
      toastFailure(refused.length === 1 ? `Not done: ${first.title}` : `${refused.length} runs were left as they are`, first.error);
    if (done > 0)
      toast({ kind: 'info', title: `${done} ${done === 1 ? 'run' : 'runs'} ${archived ? 'brought back to the board' : 'archived'}` });
    setBusy(false);
    // What was not come to stays chosen: the person may try again.
    if (done + refused.length === chosen.length) onDone();
    await queries.invalidateQueries({ queryKey: ['runs.cards'] });
  }

  return (
    <fieldset
      aria-label="Chosen runs"
      className="m-0 flex min-h-11 flex-none items-center gap-2 border-0 border-t border-line-subtle px-3.5 py-0"
    >
      <span className="num text-small text-fg-2">{chosen.length} chosen</span>
      <Button kind="outline" size="sm" busy={busy} onClick={() => void act()}>
        {archived ? 'Bring back to the board' : 'Archive'}
      </Button>
      <Button size="sm" onClick={onDone}>
        Choose none
      </Button>
    </fieldset>
  );
}
