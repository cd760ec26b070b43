/** Program output with its colours, as spans with classes. */
import { memo } from 'react';
import { type AnsiColour, type AnsiRun, ansiLines } from './ansi.ts';
import { cx } from './class-names.ts';

const COLOUR: Record<AnsiColour, string> = {
  grey: 'text-fg-3',
  red: 'text-failed-fg',
  green: 'text-completed-fg',
  yellow: 'text-warning-fg',
  blue: 'text-running-fg',
  magenta: 'text-(--syn-keyword)',
  cyan: 'text-waiting-fg',
  white: 'text-fg',
};

/** Inside a `pre`-like box of the caller. */
export const Ansi = memo(function Ansi({ text }: { text: string }) {
  return ansiLines(text).map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text never change places
    <span key={index} className="block min-h-[1lh] [unicode-bidi:isolate]">
      <AnsiRuns runs={line} />
    </span>
  ));
});

function AnsiRuns({ runs }: { runs: readonly AnsiRun[] }) {
  return runs.map((run, index) => {
    const look = lookOf(run);
    if (look === '') return run.text;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never change places
      <span key={index} className={look}>
        {run.text}
      </span>
    );
  });
}

function lookOf(run: AnsiRun): string {
  return cx(
    run.colour !== null && COLOUR[run.colour],
    run.dim && run.colour === null && 'text-fg-3',
    run.bold && 'font-semibold',
    run.italic && 'italic',
    run.underline && 'underline',
    run.marked && 'rounded-sm bg-active',
  );
}
