/** Pictures of a run: those that went with prompts and those that the agent took. */
import { useQuery } from '@tanstack/react-query';
import { Images } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { Empty } from '../ui/empty.tsx';
import { bytes, dateTime } from '../ui/format.ts';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { Thumbnail } from './transcript/screenshots.tsx';
import './transcript/transcript.css';

const Lightbox = lazy(async () => ({ default: (await import('./lightbox.tsx')).Lightbox }));

export function AttachmentsTab({ run }: { run: Run }) {
  const { data, error, refetch } = useQuery(operationQuery('runs.attachments', { run: run.id }));
  const [open, setOpen] = useState<number | null>(null);
  if (error !== null) return <Problem title="The images could not be read" error={error} onRetry={() => void refetch()} className="m-4" />;
  if (data === undefined) return <SkeletonRows label="The images are read" />;
  if (data.items.length === 0) {
    return (
      <Empty
        icon={Images}
        title="No images yet"
        text="Images in your messages and screenshots of the agent are kept here."
        className="pt-16"
      />
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(248px,1fr))] gap-3">
        {data.items.map((item, index) => (
          <li key={item.id} className="shot">
            <Thumbnail id={item.id} onOpen={() => setOpen(index)} />
            <p className="num pt-1.5 text-small text-fg-2">
              {item.width} × {item.height} · {bytes(item.bytes)}
            </p>
            <p className="text-small text-fg-3">{dateTime(item.created_at)}</p>
          </li>
        ))}
      </ul>
      {open !== null && (
        <Suspense>
          <Lightbox ids={data.items.map(({ id }) => id)} first={open} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </div>
  );
}
