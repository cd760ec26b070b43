/** What a program printed. The first lines are shown, the rest on demand, and never more than a page can carry. */
import { ChevronDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Ansi } from '../../ui/ansi.tsx';
import { whole } from '../../ui/format.ts';
import { ScrollBox } from './scroll-box.tsx';

const FIRST = 12;
/** Fewer hidden lines than this are not worth a button. */
const SLACK = 4;
const MOST = 3_000;
const LONGEST_LINE = 4_000;

interface TerminalBoxProps {
  readonly text: string;
  /** Shown before it when the line above does not hold all of it. */
  readonly command?: string;
  readonly pending?: boolean;
  /** Not printed by a program: nothing in it is a colour. */
  readonly plain?: boolean;
}

export function TerminalBox({ text, command = '', pending = false, plain = false }: TerminalBoxProps) {
  const [all, setAll] = useState(false);
  const lines = useMemo(() => text.replace(/\s+$/, '').split('\n'), [text]);
  const most = all ? MOST : lines.length > FIRST + SLACK ? FIRST : lines.length;
  const shown = useMemo(() => lines.slice(0, most).map(cutLine).join('\n'), [lines, most]);
  const hidden = lines.length - Math.min(most, lines.length);
  return (
    <>
      <ScrollBox label="Output" className="term">
        {command !== '' && <div className="mb-1.5 whitespace-pre-wrap text-fg">{command}</div>}
        {shown === '' && <span className="text-fg-3">{pending ? 'It runs…' : 'No output'}</span>}
        {shown !== '' && (plain ? shown : <Ansi text={shown} />)}
      </ScrollBox>
      {(hidden > 0 || (all && lines.length > FIRST + SLACK)) && (
        <button type="button" className="fold" aria-expanded={all} onClick={() => setAll(!all)}>
          <ChevronDown size={12} strokeWidth={1.75} aria-hidden className={all ? 'rotate-180' : undefined} />
          {all
            ? hidden > 0
              ? `Show less; ${whole(hidden)} more lines are in the Output tab or the log`
              : 'Show less'
            : `Show ${whole(hidden)} more lines`}
        </button>
      )}
    </>
  );
}

function cutLine(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} … ${line.length - LONGEST_LINE} more characters` : line;
}
