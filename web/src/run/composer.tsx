/** Where a person talks to the agent of a run: between turns, at once, or, when it does not run, to go on with it. */
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { operationQuery } from '../api/query.ts';
import { Keys } from '../keyboard/keys.tsx';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { useLiveStatus } from '../live/live.ts';
import { Button } from '../ui/button.tsx';
import { sentenceOf } from '../ui/problem.tsx';
import { PromptBox } from '../ui/prompt-box.tsx';
import { usePromptImages } from '../ui/prompt-images.ts';
import { tip } from '../ui/tooltip.tsx';
import { QueuedMessages } from './queued-messages.tsx';
import { useDraft } from './use-draft.ts';

export function Composer({ run }: { run: Run }) {
  const live = run.status === 'running' || run.status === 'pending';
  const [text, setText] = useDraft(`run.${run.id}`);
  const images = usePromptImages();
  const [sending, setSending] = useState<'queue' | 'now' | null>(null);
  const [error, setError] = useState<string>();
  const box = useRef<HTMLTextAreaElement>(null);
  const key = useRef<{ key: string; of: string } | null>(null);
  const { state: connection } = useLiveStatus();
  const offline = connection === 'offline';
  const empty = text.trim() === '' && images.ids.length === 0;

  useShortcuts('Run', [{ keys: 'r', label: 'Write to the agent', run: () => box.current?.focus() }]);

  async function send(now: boolean): Promise<void> {
    if (sending !== null || images.sending || offline) return;
    // A run that does not run goes on without a word; everything else needs one.
    if (empty && live) {
      box.current?.focus();
      return;
    }
    setSending(now ? 'now' : 'queue');
    setError(undefined);
    const message = { run: run.id, text: text.trim() === '' ? 'See the image.' : text, now, images: images.ids };
    const go = empty
      ? (idempotencyKey: string) => call('runs.resume', { run: run.id }, { idempotencyKey })
      : (idempotencyKey: string) => call('runs.send', message, { idempotencyKey });
    try {
      // The same message tried again after a lost answer is sent once.
      const of = JSON.stringify(message);
      if (key.current?.of !== of) key.current = { key: crypto.randomUUID(), of };
      await go(key.current.key);
      key.current = null;
      // Whoever went on typing while it was sent keeps that.
      setText((now) => (now === text ? '' : now));
      images.clear();
    } catch (failure) {
      setError(
        failure instanceof ApiFailure && failure.offline ? 'The server cannot be reached. What you wrote is kept.' : sentenceOf(failure),
      );
    } finally {
      setSending(null);
    }
  }

  return (
    <div className="composer">
      <div className="inner">
        <Queue run={run} />
        <PromptBox
          value={text}
          onChange={setText}
          label="Message to the agent"
          placeholder={live ? 'Tell the agent what to change' : 'Go on: tell the agent what to do next'}
          project={run.project}
          images={images}
          onSubmit={() => void send(false)}
          error={error}
          offersAbove
          text={box}
          className="composer-box"
          tools={
            <span className="ml-auto flex items-center gap-1.5">
              {offline && <span className="text-small text-fg-3">Offline, kept as a draft</span>}
              {run.status === 'running' && (
                <Button
                  size="sm"
                  busy={sending === 'now'}
                  disabled={offline}
                  onClick={() => void send(true)}
                  {...tip('Ends what the agent does now and gives it the message')}
                >
                  Interrupt, send now
                </Button>
              )}
              <Button
                kind="primary"
                size="sm"
                busy={sending === 'queue'}
                disabled={offline || images.sending}
                onClick={() => void send(false)}
              >
                {live ? 'Queue' : 'Resume'} <Keys of="mod+enter" />
              </Button>
            </span>
          }
        />
      </div>
    </div>
  );
}

function Queue({ run }: { run: Run }) {
  const { data } = useQuery({ ...operationQuery('runs.follow_ups', { run: run.id }), enabled: run.queued_messages > 0 });
  const queued = run.queued_messages > 0 ? (data?.items.filter(({ state }) => state === 'queued') ?? []) : [];
  return queued.length === 0 ? null : <QueuedMessages run={run.id} messages={queued} />;
}
