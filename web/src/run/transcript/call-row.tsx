/** A tool call: one line that opens in place; its line becomes the head of the box. */
import { useQuery } from '@tanstack/react-query';
import {
  BookOpenCheck,
  Bot,
  ChevronRight,
  FilePlus2,
  GitCommitHorizontal,
  Globe,
  ListChecks,
  type LucideIcon,
  Map as MapIcon,
  PencilLine,
  ScanSearch,
  Terminal,
  Wrench,
} from 'lucide-react';
import { call as request } from '../../api/call.ts';
import { cx } from '../../ui/class-names.ts';
import { clockTime, whole } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { CallBody } from './call-body.tsx';
import { type CallIcon, callLine } from './call-line.ts';
import { type Call, callOf, textOf } from './records.ts';
import { useRows } from './row-context.ts';
import { Thumbnails } from './screenshots.tsx';

const ICONS: Record<CallIcon, LucideIcon> = {
  read: BookOpenCheck,
  search: ScanSearch,
  shell: Terminal,
  edit: PencilLine,
  write: FilePlus2,
  todo: ListChecks,
  web: Globe,
  agent: Bot,
  commit: GitCommitHorizontal,
  plan: MapIcon,
  tool: Wrench,
};

export function CallRow({ rowKey, call }: { rowKey: string; call: Call }) {
  return call.called ? <KnownCall rowKey={rowKey} call={call} /> : <FoundCall rowKey={rowKey} call={call} />;
}

/** How far before its result a call is looked for. */
const NEAR = 60;

/** Only the result is in the window: the call is looked for when the row is seen. */
function FoundCall({ rowKey, call }: { rowKey: string; call: Call }) {
  const { runId } = useRows();
  const { data } = useQuery({
    queryKey: ['runs.messages', { run: runId, call: call.id }],
    queryFn: async ({ signal }) => {
      const { items } = await request('runs.messages', { run: runId, before: call.seq, types: ['tool_use'], limit: NEAR }, { signal });
      return items.find((record) => textOf(record.id) === call.id) ?? null;
    },
    enabled: call.id !== '' && call.result !== null,
    gcTime: 30_000,
  });
  if (data === undefined || data === null) return <KnownCall rowKey={rowKey} call={call} />;
  return <KnownCall rowKey={rowKey} call={{ ...callOf(data), result: call.result, screenshots: call.screenshots, cut: call.cut }} />;
}

function KnownCall({ rowKey, call }: { rowKey: string; call: Call }) {
  const { isOpen, toggle, root, lastEdit, lastTodo } = useRows();
  const byItself = call.result?.ok === false || rowKey === lastEdit || rowKey === lastTodo || call.name === 'ExitPlanMode';
  const open = isOpen(rowKey, byItself);
  const line = callLine(call, root);
  return (
    <div className="calls">
      <div className={cx(open && 'box')}>
        <CallLineButton call={call} open={open} onToggle={() => toggle(rowKey, !open)} line={line} />
        {open && <CallBody call={call} />}
      </div>
      {call.screenshots.length > 0 && <Thumbnails ids={call.screenshots} at={call.at} />}
    </div>
  );
}

interface CallLineProps {
  readonly call: Call;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly line: ReturnType<typeof callLine>;
}

function CallLineButton({ call, open, onToggle, line }: CallLineProps) {
  const { live } = useRows();
  const Icon = ICONS[line.icon];
  return (
    <button type="button" className={cx('call', open && 'open')} aria-expanded={open} onClick={onToggle}>
      <ChevronRight size={12} strokeWidth={1.75} aria-hidden className="chev" />
      <Icon size={14} strokeWidth={1.75} aria-hidden className="flex-none text-fg-3" />
      <span className="verb">{line.verb}</span>
      <span className="tgt" title={line.target}>
        {line.target}
      </span>
      <span className="res">
        {line.exit !== null && (
          <span className={cx('exit', line.exit === 0 ? 'ok' : 'bad')}>{line.exit === 'failed' ? 'failed' : `exit ${line.exit}`}</span>
        )}
        {line.added > 0 && <span className="text-diff-add-fg">+{whole(line.added)}</span>}
        {line.removed > 0 && <span className="text-diff-del-fg">−{whole(line.removed)}</span>}
        {line.result === 'failed' ? <span className="exit bad">failed</span> : line.result}
        {took(call.result?.tookMs ?? null)}
        {call.result === null && call.called && (live ? <Glyph name="running" size={12} /> : <span>no result</span>)}
        <time className="at" dateTime={call.at}>
          {clockTime(call.at)}
        </time>
      </span>
    </button>
  );
}

/** What took less than a second took no time worth a figure. */
function took(ms: number | null): string {
  if (ms === null || ms < 1_000) return '';
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}
