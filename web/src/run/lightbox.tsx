/** One picture at its full size; arrows go through its neighbours. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { addressOf } from '../api/call.ts';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { isAttachmentId } from './transcript/records.ts';

interface LightboxProps {
  readonly ids: readonly string[];
  readonly first: number;
  readonly onClose: () => void;
}

export function Lightbox({ ids, first, onClose }: LightboxProps) {
  const [at, setAt] = useState(first);
  const [broken, setBroken] = useState<string | null>(null);
  const id = ids[at] ?? '';
  const go = (step: number): void => setAt((now) => Math.max(0, Math.min(ids.length - 1, now + step)));
  useShortcuts('Dialog', [
    { keys: 'arrowleft', when: () => at > 0, run: () => go(-1) },
    { keys: 'arrowright', when: () => at < ids.length - 1, run: () => go(1) },
  ]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={ids.length > 1 ? `Image ${at + 1} of ${ids.length}` : 'Image'}
      width={1400}
      after={
        ids.length > 1 && (
          <span className="ml-2 flex gap-1">
            <Button icon aria-label="Previous image" disabled={at === 0} onClick={() => go(-1)}>
              <ChevronLeft size={16} strokeWidth={1.75} />
            </Button>
            <Button icon aria-label="Next image" disabled={at === ids.length - 1} onClick={() => go(1)}>
              <ChevronRight size={16} strokeWidth={1.75} />
            </Button>
          </span>
        )
      }
    >
      <div className="grid min-h-40 place-items-center overflow-auto px-5 pb-5">
        {!isAttachmentId(id) || broken === id ? (
          <p className="text-fg-2">This image cannot be shown. It may have been removed, or it is broken.</p>
        ) : (
          <img
            key={id}
            src={addressOf('attachments.get', { id })}
            alt="Attachment of the run"
            onError={() => setBroken(id)}
            className="max-h-[78vh] max-w-full rounded-lg object-contain"
          />
        )}
      </div>
    </Dialog>
  );
}
