/** Messages that wait for the agent: they can be changed and taken back until it has them. */
import { useQueryClient } from '@tanstack/react-query';
import { CornerDownRight, X } from 'lucide-react';
import { useState } from 'react';
import type { FollowUp } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { sentenceOf } from '../ui/problem.tsx';
import { toastFailure } from '../ui/toast.tsx';
import { useDraft } from './use-draft.ts';

export function QueuedMessages({ run, messages }: { run: string; messages: readonly FollowUp[] }) {
  return (
    <ul aria-label="Queued messages">
      {messages.map((message) => (
        <Queued key={message.id} run={run} message={message} />
      ))}
    </ul>
  );
}

function Queued({ run, message }: { run: string; message: FollowUp }) {
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: operationQuery('runs.follow_ups', { run }).queryKey });

  async function withdraw(): Promise<void> {
    setBusy(true);
    try {
      await call('runs.withdraw_follow_up', { run, id: message.id });
    } catch (error) {
      toastFailure('The message was not taken back', error);
    }
    await again();
    setBusy(false);
  }

  if (editing) {
    return (
      <li className="queued">
        <Editor
          run={run}
          message={message}
          onClose={() => {
            setEditing(false);
            void again();
          }}
        />
      </li>
    );
  }
  return (
    <li className="queued">
      <CornerDownRight size={13} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className="min-w-0 flex-1 truncate">
        <b className="font-medium text-fg">Queued</b> · {message.text}
        {message.images.length > 0 && <span className="text-fg-3"> · {message.images.length} images</span>}
      </span>
      <Button size="sm" onClick={() => setEditing(true)}>
        Edit
      </Button>
      <Button size="sm" icon busy={busy} aria-label="Take the message back" onClick={() => void withdraw()}>
        <X size={13} strokeWidth={1.75} />
      </Button>
    </li>
  );
}

function Editor({ run, message, onClose }: { run: string; message: FollowUp; onClose: () => void }) {
  const [draft, setDraft] = useDraft(`queued.${message.id}`);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const text = draft === '' ? message.text : draft;

  async function save(): Promise<void> {
    setBusy(true);
    try {
      await call('runs.edit_follow_up', { run, id: message.id, text });
      setDraft('');
      onClose();
    } catch (failure) {
      setError(sentenceOf(failure));
      setBusy(false);
    }
  }

  return (
    <div className="grid w-full gap-1.5 py-1">
      <textarea
        // The person has just asked for it.
        // biome-ignore lint/a11y/noAutofocus: see above
        autoFocus
        aria-label="Queued message"
        rows={3}
        value={text}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void save();
          if (event.key === 'Escape') onClose();
        }}
        className="w-full resize-y rounded-md bg-raised px-2.5 py-1.5 text-prose text-fg shadow-[inset_0_0_0_1px_var(--border-control)]"
      />
      {error !== null && (
        <p role="alert" className="text-small text-failed-fg">
          {error}
        </p>
      )}
      <div className="flex justify-end gap-1.5">
        <Button
          size="sm"
          onClick={() => {
            setDraft('');
            onClose();
          }}
        >
          Discard
        </Button>
        <Button kind="outline" size="sm" busy={busy} onClick={() => void save()}>
          Save
        </Button>
      </div>
    </div>
  );
}
