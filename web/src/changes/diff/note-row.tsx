/** What stands where a file has no lines to show, or not yet. */
import { Button } from '../../ui/button.tsx';
import { whole } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { FileView, Note } from './rows.ts';

interface NoteRowProps {
  readonly note: Note;
  readonly view: FileView;
  readonly onLoad: () => void;
  readonly onWanted: () => void;
}

const WORDS: Readonly<Record<Exclude<Note, 'large' | 'not_loaded' | 'loading' | 'failed' | 'part'>, string>> = {
  binary: 'Binary file. There is no text to compare.',
  renamed: 'Renamed. The content is the same.',
  mode: 'Only the permissions changed.',
  submodule: 'A submodule points to another commit.',
  empty: 'No line changed. The file is empty, or only its kind is new.',
};

export function NoteRow({ note, view, onLoad, onWanted }: NoteRowProps) {
  const { insertions, deletions } = view.file;
  const lines = whole((insertions ?? 0) + (deletions ?? 0));
  switch (note) {
    case 'failed':
      return (
        <div className="p-3">
          <Problem title="The file could not be read" error={view.content.error} onRetry={onLoad} />
        </div>
      );
    case 'loading':
      return (
        <p role="status" className="flex min-h-10 items-center gap-2 px-3.5 text-small text-fg-3">
          <Glyph name="running" size={12} />
          The lines are read.
        </p>
      );
    case 'large':
      return <Ask text={`${lines} changed lines. Large files stay folded.`} action="Show the diff" onClick={onWanted} />;
    case 'not_loaded':
      return <Ask text={`${lines} changed lines, not read yet.`} action="Read them" onClick={onLoad} />;
    case 'part':
      return <Ask text="There are more lines." action="Read on" onClick={onLoad} />;
    default:
      return <p className="flex min-h-10 items-center px-3.5 text-small text-fg-3">{WORDS[note]}</p>;
  }
}

function Ask({ text, action, onClick }: { readonly text: string; readonly action: string; readonly onClick: () => void }) {
  return (
    <p className="flex min-h-10 flex-wrap items-center gap-3 px-3.5 py-2 text-small text-fg-3">
      {text}
      <Button kind="outline" size="sm" onClick={onClick}>
        {action}
      </Button>
    </p>
  );
}
