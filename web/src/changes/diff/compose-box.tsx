/** Writes a comment on a line, or a new text for one. What was typed stays until it has arrived. */
import { useEffect, useId, useRef, useState } from 'react';
import { Keys } from '../../keyboard/keys.tsx';
import { Button } from '../../ui/button.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { sentenceOf } from '../../ui/problem.tsx';

interface ComposeBoxProps {
  /** Read aloud: what it is about. */
  readonly label: string;
  readonly action: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** Throws `ApiFailure`. */
  readonly onSave: (text: string) => Promise<void>;
  readonly onCancel: () => void;
  /** Asked once, when the box appears. */
  readonly takesFocus: () => boolean;
}

const LONGEST = 20_000;

export function ComposeBox({ label, action, text, onText, onSave, onCancel, takesFocus }: ComposeBoxProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const errorId = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once
  useEffect(() => {
    if (takesFocus()) area.current?.focus({ preventScroll: true });
  }, []);
  const empty = text.trim() === '';

  async function save(): Promise<void> {
    if (empty || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSave(text.trim());
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <div className="diff-bubble grid gap-2">
      <textarea
        ref={area}
        aria-label={label}
        aria-describedby={error === null ? undefined : errorId}
        aria-invalid={error !== null || undefined}
        value={text}
        maxLength={LONGEST}
        rows={3}
        placeholder="What should be different here?"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void save();
          }
          if (event.key === 'Escape') {
            event.stopPropagation();
            // What was written is not thrown away by a key that closes things.
            if (empty) onCancel();
            else event.currentTarget.blur();
          }
        }}
        className="field-sizing-content max-h-60 min-h-16 w-full resize-none rounded-md bg-raised px-2.5 py-1.5 shadow-[inset_0_0_0_1px_var(--border-control)] pointer-coarse:text-[16px]"
      />
      {error !== null && (
        <p id={errorId} role="alert" className="flex items-start gap-1.5 text-small text-failed-fg">
          <Glyph name="failed" size={12} className="mt-0.5" />
          <span className="min-w-0">{sentenceOf(error)} The text is kept here.</span>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-micro text-fg-3">It goes to the agent when you send your comments.</span>
        <span className="ml-auto flex gap-1">
          <Button size="sm" onClick={onCancel}>
            Cancel
          </Button>
          <Button kind="outline" size="sm" busy={busy} disabled={empty} onClick={() => void save()}>
            {action} <Keys of="mod+enter" />
          </Button>
        </span>
      </div>
    </div>
  );
}
