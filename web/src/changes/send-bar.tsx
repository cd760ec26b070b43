/** Comments that were not sent yet, and the one message that takes them to the agent. */
import { MessageSquareText } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { Keys } from '../keyboard/keys.tsx';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { useDraft } from '../run/use-draft.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { toast, toastFailure } from '../ui/toast.tsx';
import type { Comments } from './use-comments.ts';

const AlertDialog = lazy(async () => ({ default: (await import('../ui/dialog.tsx')).AlertDialog }));

interface SendBarProps {
  readonly run: Run;
  readonly comments: Comments;
  /** Comments that are still being written. */
  readonly unfinished: number;
}

export function SendBar({ run, comments, unfinished }: SendBarProps) {
  const [message, setMessage] = useDraft(`comments-message.${run.id}`);
  const [now, setNow] = useState(false);
  const [busy, setBusy] = useState<'send' | 'discard' | null>(null);
  const [asking, setAsking] = useState(false);
  const { open } = comments;
  const count = open.length;
  const words = count === 1 ? '1 comment' : `${count} comments`;
  const files = new Set(open.map(({ path }) => path)).size;
  const running = run.status === 'running';

  async function send(): Promise<void> {
    if (busy !== null || count === 0) return;
    setBusy('send');
    try {
      await comments.send({ message, now: running && now, ids: open.map(({ id }) => id) });
      setMessage((typed) => (typed === message ? '' : typed));
      toast({
        kind: 'info',
        title: count === 1 ? 'The comment was sent' : 'The comments were sent',
        text: then(run, now, count === 1 ? 'it' : 'them'),
      });
    } catch (error) {
      toastFailure('The comments were not sent', error);
    } finally {
      setBusy(null);
    }
  }

  async function discard(): Promise<void> {
    setBusy('discard');
    const results = await Promise.allSettled(open.map(({ id }) => comments.remove(id)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) toastFailure('Not every comment was removed', failed.reason);
    setBusy(null);
    setAsking(false);
  }

  useShortcuts('Changes', [{ keys: 'mod+enter', label: 'Send the comments', when: () => count > 0, run: () => void send() }]);
  if (count === 0) return null;
  return (
    <section aria-label="Comments to send" className="sendbar flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1.5 py-2 pr-3 pl-4">
      <span className="flex items-center gap-2 whitespace-nowrap">
        <MessageSquareText size={15} strokeWidth={1.75} aria-hidden className="text-accent-fg" />
        <b className="font-medium">{words}</b>
        <span className="text-fg-3 max-phone:hidden">in {files === 1 ? '1 file' : `${files} files`}</span>
      </span>
      <input
        type="text"
        aria-label="Message with the comments"
        placeholder="Add a sentence, if you like"
        value={message}
        maxLength={20_000}
        onChange={(event) => setMessage(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void send();
          }
        }}
        className="h-7 min-w-40 flex-1 rounded-md bg-raised px-2.5 shadow-[inset_0_0_0_1px_var(--border-control)] pointer-coarse:h-11 pointer-coarse:text-[16px]"
      />
      {running ? (
        <Checkbox checked={now} onChange={setNow} label="Interrupt" className="text-small text-fg-2" />
      ) : (
        <span className="text-small whitespace-nowrap text-fg-3 max-[1280px]:hidden">
          the run resumes with {count === 1 ? 'it' : 'them'} in one message
        </span>
      )}
      <span className="ml-auto flex items-center gap-1">
        {unfinished > 0 && (
          <span className="text-small text-warning-fg">{unfinished === 1 ? '1 not added yet' : `${unfinished} not added yet`}</span>
        )}
        <Button onClick={() => setAsking(true)} disabled={busy !== null}>
          Discard
        </Button>
        <Button kind="primary" busy={busy === 'send'} onClick={() => void send()}>
          <span>
            Send {words}
            <span className="max-phone:hidden"> to the agent</span>
          </span>
          <Keys of="mod+enter" />
        </Button>
      </span>
      {asking && (
        <Suspense>
          <AlertDialog
            open
            title={`Remove ${words}?`}
            action={count === 1 ? 'Remove it' : 'Remove them'}
            busy={busy === 'discard'}
            onClose={() => setAsking(false)}
            onAction={() => void discard()}
          >
            They were not sent to the agent. Their text is gone then.
          </AlertDialog>
        </Suspense>
      )}
    </section>
  );
}

function then(run: Run, now: boolean, what: 'it' | 'them'): string {
  if (run.status !== 'running') return `The run resumes with ${what}.`;
  return now ? `The agent is interrupted and reads ${what} at once.` : `The agent reads ${what} when its turn ends.`;
}
