/** The title: a heading that becomes a field when it is clicked. The new one is shown at once and goes back when the server refuses it. */
import { useRef, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { wholeRuns } from '../store/use-runs.ts';
import { toastFailure } from '../ui/toast.tsx';

const MOST = 200;

export function RunTitle({ run, editable }: { run: Pick<Run, 'id' | 'title'>; editable: boolean }) {
  const [draft, setDraft] = useState<string | null>(null);
  const settled = useRef(false);

  function begin(): void {
    settled.current = false;
    setDraft(run.title);
  }

  function end(keep: boolean): void {
    // Enter takes the field away, which also takes its focus: the second call is no second wish.
    if (settled.current) return;
    settled.current = true;
    const next = draft?.trim() ?? '';
    setDraft(null);
    if (!keep || next === '' || next === run.title) return;
    const before = run.title;
    wholeRuns.patch({ id: run.id, title: next });
    call('runs.update', { run: run.id, title: next }).catch((error: unknown) => {
      wholeRuns.patch({ id: run.id, title: before });
      toastFailure('The title was not changed', error, () => setDraft(next));
    });
  }

  if (draft !== null) {
    return (
      <input
        // The person has just asked for it.
        // biome-ignore lint/a11y/noAutofocus: see above
        autoFocus
        aria-label="Title of the run"
        value={draft}
        maxLength={MOST}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => end(true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') end(true);
          if (event.key === 'Escape') {
            event.stopPropagation();
            end(false);
          }
        }}
        className="min-w-0 flex-1 rounded-md bg-raised px-1.5 text-h2 font-semibold tracking-(--track-head) shadow-[inset_0_0_0_1px_var(--border-control)]"
      />
    );
  }
  return (
    <h1 className="-mx-1 flex min-w-0 text-h2 font-semibold tracking-(--track-head) max-phone:text-h3" title={run.title}>
      {editable ? (
        <button
          type="button"
          aria-label={`${run.title}. Change the title`}
          onClick={begin}
          className="min-w-0 cursor-text truncate rounded-md px-1 -outline-offset-2 hover:bg-hover pointer-coarse:min-h-11"
        >
          {run.title}
        </button>
      ) : (
        <span className="truncate px-1">{run.title}</span>
      )}
    </h1>
  );
}
