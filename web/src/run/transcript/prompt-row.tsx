/** What a person said, as a card: who speaks is seen at a glance. */
import { useState, useSyncExternalStore } from 'react';
import { session, watchSession } from '../../api/session.ts';
import { mentions } from '../../ui/completion-token.ts';
import { clockTime } from '../../ui/format.ts';
import { textOf } from './records.ts';
import type { RowOf } from './rows.ts';
import { Thumbnails } from './screenshots.tsx';
import { useWhole } from './whole-record.tsx';

const FOLDED_CHARS = 1_600;
const FOLDED_LINES = 18;

export function PromptRow({ row }: { row: RowOf<'prompt'> }) {
  const [all, setAll] = useState(false);
  const whole = useWhole(row.cut ? row.seq : null);
  const text = whole.record === null ? row.text : textOf(whole.record.text);
  const cut = all ? text.length : foldAt(text);
  return (
    <div className="prompt">
      <div className="who">
        <Speaker name={row.by} />
        <time dateTime={row.at}>{clockTime(row.at)}</time>
      </div>
      <div className="said">
        <Mentions text={text.slice(0, cut)} />
        {cut < text.length && '…'}
      </div>
      {(cut < text.length || all) && (
        <button type="button" className="more" onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all ${text.length.toLocaleString('en-US')} characters`}
        </button>
      )}
      {whole.offer}
      {row.images.length > 0 && <Thumbnails ids={row.images} />}
    </div>
  );
}

function Speaker({ name }: { name: string }) {
  const now = useSyncExternalStore(watchSession, session);
  const own = now.state === 'in' && now.user.name === name;
  const shown = own ? 'You' : name === 'gluon' || name === '' ? 'Gluon' : name;
  return (
    <>
      <span aria-hidden="true" className="avatar">
        {shown.slice(0, 2).toUpperCase()}
      </span>
      <b>{shown}</b>
    </>
  );
}

function foldAt(text: string): number {
  let at = 0;
  for (let line = 0; line < FOLDED_LINES; line += 1) {
    const next = text.indexOf('\n', at);
    if (next === -1) return text.length <= FOLDED_CHARS * 1.2 ? text.length : FOLDED_CHARS;
    at = next + 1;
  }
  return Math.min(at, FOLDED_CHARS);
}

/** Text as it was typed; files and commands in it have a ground. */
function Mentions({ text }: { text: string }) {
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (const [start, end] of mentions(text)) {
    parts.push(
      text.slice(at, start),
      <span key={start} className="mention">
        {text.slice(start, end)}
      </span>,
    );
    at = end;
  }
  return [...parts, text.slice(at)];
}
