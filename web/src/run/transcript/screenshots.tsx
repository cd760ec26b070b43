/** Pictures in the transcript: thumbnails that open. A broken one says so in its place. */
import { ImageOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { addressOf } from '../../api/call.ts';
import { clockTime } from '../../ui/format.ts';
import { isAttachmentId } from './records.ts';

const Lightbox = lazy(async () => ({ default: (await import('../lightbox.tsx')).Lightbox }));

/** `at`: the agent took them, then. */
export function Thumbnails({ ids: all, at }: { ids: readonly string[]; at?: string }) {
  const ids = [...new Set(all)];
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div className="shots">
      {ids.map((id, index) => (
        <figure key={id} className="shot">
          <Thumbnail id={id} onOpen={() => setOpen(index)} />
          {at !== undefined && <figcaption>Taken by the agent, {clockTime(at)}</figcaption>}
        </figure>
      ))}
      {open !== null && (
        <Suspense>
          <Lightbox ids={ids} first={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </div>
  );
}

export function Thumbnail({ id, onOpen }: { id: string; onOpen: () => void }) {
  const [broken, setBroken] = useState(!isAttachmentId(id));
  if (broken) {
    return (
      <span className="frame broken">
        <ImageOff size={16} strokeWidth={1.75} aria-hidden />
        This image cannot be shown
      </span>
    );
  }
  return (
    <button type="button" className="frame" aria-label="Open the image" onClick={onOpen}>
      <img src={addressOf('attachments.get', { id })} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
    </button>
  );
}
