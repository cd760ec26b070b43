/** What the agent program printed, as a window of its log: the end first, earlier parts on demand, what comes is added. */
import { useQuery } from '@tanstack/react-query';
import { Terminal } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { Ansi } from '../ui/ansi.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { bytes } from '../ui/format.ts';
import { Problem } from '../ui/problem.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { type LogWindow, NO_LOG, withEarlier, withLater } from './log-window.ts';

export type Stream = 'stdout' | 'stderr';
const STREAMS = [
  { value: 'stdout', label: 'Output' },
  { value: 'stderr', label: 'Messages of the program' },
] as const;

export function OutputTab({ run }: { run: Run }) {
  const [stream, setStream] = useState<Stream>('stdout');
  return (
    <>
      <div className="flex flex-none items-center gap-2 border-b border-line-subtle px-4 py-[7px]">
        <Segmented label="Stream" value={stream} options={STREAMS} onChange={setStream} />
      </div>
      <ProgramLog key={stream} run={run.id} stream={stream} />
    </>
  );
}

const WINDOW = 65_536;
const NEAR = 12;

/** Fills its parent and follows the end while it stands there. */
export function ProgramLog({ run, stream, empty = 'Nothing was printed' }: { run: string; stream: Stream; empty?: string }) {
  const [log, setLog] = useState<LogWindow>(NO_LOG);
  const [earlier, setEarlier] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const fromEnd = useRef<number | null>(null);
  // Asked again when a live message says that there is more; what is there already is not read twice.
  const next = useRef<number | undefined>(undefined);
  const { error, isPending, refetch } = useQuery({
    queryKey: ['runs.logs', { run, stream }],
    queryFn: async ({ signal }) => {
      let read = await call(
        'runs.logs',
        { run, stream, limit: WINDOW, ...(next.current === undefined ? {} : { offset: next.current }) },
        { signal },
      );
      // Far behind, as after a long time away: the end is what counts.
      if (next.current !== undefined && read.total_bytes - read.next_offset > WINDOW) {
        read = await call('runs.logs', { run, stream, limit: WINDOW }, { signal });
      }
      next.current = read.next_offset;
      setLog((now) => withLater(now, read, atEnd.current));
      return read.total_bytes;
    },
    gcTime: 0,
  });

  async function readEarlier(): Promise<void> {
    setEarlier({ busy: true, error: null });
    try {
      const offset = Math.max(0, log.from - WINDOW);
      const read = await call('runs.logs', { run, stream, offset, limit: log.from - offset });
      const element = box.current;
      fromEnd.current = element === null ? null : element.scrollHeight - element.scrollTop;
      setLog((now) => withEarlier(now, read));
      setEarlier({ busy: false, error: null });
    } catch (failure) {
      setEarlier({ busy: false, error: failure });
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the end
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    if (fromEnd.current !== null) element.scrollTop = element.scrollHeight - fromEnd.current;
    else if (atEnd.current) element.scrollTop = element.scrollHeight;
    fromEnd.current = null;
  }, [log]);

  if (error !== null && log.parts.length === 0)
    return <Problem title="The log could not be read" error={error} onRetry={() => void refetch()} className="m-4" />;
  if (isPending && log.parts.length === 0) return <SkeletonRows label="The log is read" />;
  if (log.parts.length === 0) return <Empty icon={Terminal} title={empty} className="pt-16" />;
  return (
    <section
      ref={box}
      aria-label={stream === 'stdout' ? 'Output' : 'Messages of the program'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keyboard
      tabIndex={0}
      onScroll={() => {
        const element = box.current;
        if (element !== null) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      }}
      className="min-h-0 flex-1 overflow-auto bg-sunken px-4 py-2.5 -outline-offset-2"
    >
      {log.from > 0 && (
        <div className="flex items-center gap-2 pb-2 text-small text-fg-3">
          <Button kind="outline" size="sm" busy={earlier.busy} onClick={() => void readEarlier()}>
            Show earlier output
          </Button>
          {bytes(log.from)} before this
        </div>
      )}
      {earlier.error !== null && (
        <Problem title="Earlier output could not be read" error={earlier.error} onRetry={() => void readEarlier()} className="mb-2" />
      )}
      <pre className="min-w-max text-[12px] leading-[18px] text-(--syn-text)">
        {log.parts.map((part) => (
          <div key={part.at} className="[contain-intrinsic-size:auto_4000px] [content-visibility:auto]">
            <Ansi text={part.text.endsWith('\n') ? part.text.slice(0, -1) : part.text} />
          </div>
        ))}
      </pre>
    </section>
  );
}
