/** A new run from the session and the branch of this one. The prompt is kept as a draft until the fork is made. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';
import { useDraft } from './use-draft.ts';

export function ForkDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const navigate = useNavigate();
  const [prompt, setPrompt] = useDraft(`fork.${run.id}`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [key] = useState(() => crypto.randomUUID());

  async function fork(): Promise<void> {
    if (prompt.trim() === '' || busy) return;
    setBusy(true);
    try {
      const made = await call('runs.fork', { run: run.id, prompt }, { idempotencyKey: key });
      setPrompt('');
      onClose();
      await navigate({ to: '/runs/$run', params: { run: made.id }, search: {} });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Fork “${run.title}”`}
      footer={
        <>
          <span className="mr-auto min-w-0 text-small text-fg-3">The agent remembers everything up to here.</span>
          <Button kind="primary" busy={busy} disabled={prompt.trim() === ''} onClick={() => void fork()}>
            Fork
          </Button>
        </>
      }
    >
      <div className="grid gap-2 px-5 pb-4">
        <label className="grid gap-1 text-small font-medium text-fg-2">
          What should the new run do?
          <textarea
            value={prompt}
            rows={6}
            onChange={(event) => setPrompt(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void fork();
            }}
            className="resize-y rounded-md bg-raised px-3 py-2 text-prose font-regular text-fg shadow-[inset_0_0_0_1px_var(--border-control)]"
          />
        </label>
        {error !== null && <Problem title="The run was not forked" error={error} />}
      </div>
    </Dialog>
  );
}
